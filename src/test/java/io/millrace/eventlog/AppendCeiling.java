package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.replication.Leader;
import io.millrace.time.Ticker;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;

/**
 * The upper bound for appends in docs/lab.md: appends through {@link LogWriter}, without HTTP. Run by hand:
 *
 * <pre>
 * java -cp … io.millrace.eventlog.AppendCeiling jdbc:postgresql://… user password connections partitions batch seconds
 * </pre>
 */
final class AppendCeiling {

    private static final int VALUE_BYTES = 200;

    private AppendCeiling() {}

    public static void main(String[] args) throws Exception {
        int connections = Integer.parseInt(args[3]);
        int partitions = Integer.parseInt(args[4]);
        int batch = Integer.parseInt(args[5]);
        long seconds = Long.parseLong(args[6]);
        LongAdder records = new LongAdder();
        LongAdder commits = new LongAdder();
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        for (int c = 0; c < connections; c++) {
            List<Integer> ids = create(args, partitions);
            threads.add(Thread.ofPlatform().start(() -> run(args, ids, batch, end, records, commits)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double took = (System.nanoTime() - start) / 1e9;
        System.out.printf("%.0f records/s, %.0f commits/s%n", records.sum() / took, commits.sum() / took);
    }

    private static Connection connect(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", args[1]);
        properties.setProperty("password", args[2]);
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("sendBufferSize", "1048576");
        properties.setProperty("maxSendBufferSize", "262144");
        properties.setProperty("options", "-c plan_cache_mode=force_generic_plan");
        return DriverManager.getConnection(args[0], properties);
    }

    private static List<Integer> create(String[] args, int partitions) throws Exception {
        try (Connection connection = connect(args);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select millrace.create_partitions(" + partitions + ")")) {
            List<Integer> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
            return ids;
        }
    }

    private static LogWriter writer(Connection connection) throws SQLException {
        return new LogWriter(connection, Leader.of(connection), Sql.of(LogWriter.class), Ticker.SYSTEM);
    }

    private static void run(
            String[] args, List<Integer> ids, int batch, long end, LongAdder records, LongAdder commits) {
        byte[] value = "x".repeat(VALUE_BYTES).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] key = "key-1234".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (LogWriter writer = writer(connect(args))) {
            List<Slice> batches = new ArrayList<>();
            for (int id : ids) {
                byte[][] values = new byte[batch][];
                byte[][] keys = new byte[batch][];
                long[] timestamps = new long[batch];
                java.util.Arrays.fill(values, value);
                java.util.Arrays.fill(keys, key);
                java.util.Arrays.fill(timestamps, System.currentTimeMillis());
                batches.add(new Slice(
                        id, new RecordColumns(timestamps, keys, values, null, null, batch * (VALUE_BYTES + 8))));
            }
            while (System.nanoTime() < end) {
                writer.append(batches);
                records.add((long) batch * ids.size());
                commits.increment();
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
