package io.millrace.eventlog;

import io.millrace.testing.InnerLoop;
import io.millrace.testing.SampleRecords;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/**
 * From a row of the log, as the driver has received it, to the columns of a batch. The row is a proxy around the bytes
 * of three arrays: the driver's time and copies for receiving them are not included.
 */
public class BinaryArraysBenchmark extends InnerLoop {

    private static final int TIMESTAMPS = 1;
    private static final int KEYS = 2;
    private static final int VALUES = 3;

    private final ResultSet row = row(SampleRecords.batch().columns());

    @Benchmark
    @OperationsPerInvocation(SampleRecords.COUNT)
    public RecordColumns decode() throws SQLException {
        return new RecordColumns(
                BinaryArrays.longs(row, TIMESTAMPS),
                BinaryArrays.byteas(row, KEYS),
                BinaryArrays.byteas(row, VALUES),
                null,
                null,
                0);
    }

    private static ResultSet row(RecordColumns columns) {
        byte[][] timestamps = Arrays.stream(columns.timestamps())
                .mapToObj(timestamp ->
                        ByteBuffer.allocate(Long.BYTES).putLong(timestamp).array())
                .toArray(byte[][]::new);
        byte[][] sent = {
            array(Oid.INT8, timestamps), array(Oid.BYTEA, columns.keys()), array(Oid.BYTEA, columns.values())
        };
        return (ResultSet) Proxy.newProxyInstance(
                BinaryArraysBenchmark.class.getClassLoader(),
                new Class<?>[] {ResultSet.class},
                (_, _, arguments) -> new PgArray(null, Oid.UNSPECIFIED, sent[(int) arguments[0] - 1]));
    }

    /** As PostgreSQL's {@code array_send} writes it; see {@link BinaryArrays}. */
    private static byte[] array(int type, byte[][] elements) {
        int size = 5 * Integer.BYTES
                + Arrays.stream(elements)
                        .mapToInt(element -> Integer.BYTES + element.length)
                        .sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(1).putInt(0).putInt(type).putInt(elements.length).putInt(1);
        for (byte[] element : elements) {
            out.putInt(element.length).put(element);
        }
        return out.array();
    }
}
