package io.millrace.eventlog;

import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The upper bound for reading in docs/lab.md: reads all partitions of a topic from the start through {@link LogReader},
 * without HTTP, on one connection or several. Run by hand:
 *
 * <pre>
 * java -cp … io.millrace.eventlog.ReadCeiling jdbc:postgresql://… user password topic connections page-bytes page-batches
 * </pre>
 */
final class ReadCeiling {

    private ReadCeiling() {}

    public static void main(String[] args) throws Exception {
        int connections = Integer.parseInt(args[4]);
        for (int round = 0; round < 3; round++) {
            LongAdder records = new LongAdder();
            LongAdder pages = new LongAdder();
            List<Thread> threads = new ArrayList<>();
            long start = System.nanoTime();
            for (int c = 0; c < connections; c++) {
                int mine = c;
                threads.add(Thread.ofPlatform().start(() -> run(args, mine, records, pages)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            double took = (System.nanoTime() - start) / 1e9;
            System.out.printf("%.0f records/s, %.0f pages/s%n", records.sum() / took, pages.sum() / took);
        }
    }

    private static void run(String[] args, int mine, LongAdder records, LongAdder pages) {
        int connections = Integer.parseInt(args[4]);
        int pageBytes = Integer.parseInt(args[5]);
        int pageBatches = Integer.parseInt(args[6]);
        Properties properties = new Properties();
        properties.setProperty("user", args[1]);
        properties.setProperty("password", args[2]);
        properties.setProperty("prepareThreshold", "1");
        try (Connection connection = DriverManager.getConnection(args[0], properties)) {
            JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            LogReader reader = new LogReader(jdbc, new SegmentStarts(jdbc, Clock.systemUTC()));
            List<Integer> ids =
                    jdbc.sql("""
                        select partition_id from millrace.topic_partition p join millrace.topic t on t.id = p.topic_id
                         where t.name = :topic order by 1
                        """).param("topic", args[3]).query(Integer.class).list();
            Map<Integer, PartitionBounds> bounds =
                    new Partitions(jdbc, TestHighWatermarks.unused(), Ticker.SYSTEM).bounds(ids);
            for (int i = mine; i < ids.size(); i += connections) {
                int id = ids.get(i);
                long offset = bounds.get(id).start();
                List<RecordBatch> page = reader.read(id, offset, pageBatches, pageBytes);
                while (!page.isEmpty()) {
                    page.forEach(batch -> records.add(batch.count()));
                    pages.increment();
                    page = reader.read(id, page.getLast().lastOffset() + 1, pageBatches, pageBytes);
                }
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
