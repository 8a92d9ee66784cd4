package io.millrace.eventlog;

import java.util.List;

/** The fake log of the lanes' tests fulfils the contract. */
class FakeLogTest extends AppendContract {

    private final FakeLog log = new FakeLog();

    @Override
    AppendLog appendLog() {
        return log;
    }

    @Override
    List<Integer> newPartitions(int count) {
        return log.create(count);
    }

    @Override
    void deletePartition(int partitionId) {
        log.delete(partitionId);
    }

    @Override
    long endOf(int partitionId) {
        return log.values(partitionId).size();
    }

    @Override
    void whileRefusing(int partitionId, Act act) throws Exception {
        log.refuse(partitionId, true);
        act.run();
        log.refuse(partitionId, false);
    }

    @Override
    void whileBreaking(int partitionId, Act act) throws Exception {
        log.breakNext();
        act.run();
    }
}
