package io.millrace.eventlog;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgArray;

/**
 * Reads array columns into primitive arrays. The driver would make an object for each number, which is most of what
 * reading a record from the log costs.
 *
 * <p>In binary, an array of one dimension is five 32-bit numbers (dimensions, whether there are nulls, the type of the
 * elements, their count, the lower bound), then for each element its length, which is -1 for null, and its bytes. An
 * empty array has no dimension and ends after the type ({@code array_send} in PostgreSQL's {@code arrayfuncs.c}). All
 * numbers are big-endian.
 */
public final class BinaryArrays {

    private static final int DIMENSIONS_AT = 0;
    private static final int COUNT_AT = 3 * Integer.BYTES;
    private static final int ELEMENTS_AT = 5 * Integer.BYTES;

    private BinaryArrays() {}

    /** A {@code bigint[]} without nulls; null if the column is null. */
    static long @Nullable [] longs(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        ByteBuffer in = binary(array);
        if (in == null) {
            return array == null
                    ? null
                    : Arrays.stream((Long[]) array.getArray())
                            .mapToLong(Long::longValue)
                            .toArray();
        }
        long[] values = new long[count(in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getLong(ELEMENTS_AT + i * (Integer.BYTES + Long.BYTES) + Integer.BYTES);
        }
        return values;
    }

    /** An {@code int[]} without nulls; null if the column is null. */
    static int @Nullable [] ints(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        ByteBuffer in = binary(array);
        if (in == null) {
            return array == null
                    ? null
                    : Arrays.stream((Integer[]) array.getArray())
                            .mapToInt(Integer::intValue)
                            .toArray();
        }
        int[] values = new int[count(in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getInt(ELEMENTS_AT + i * 2 * Integer.BYTES + Integer.BYTES);
        }
        return values;
    }

    /** A {@code bytea[]}; null if the column is null. */
    public static byte @Nullable [] @Nullable [] byteas(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        ByteBuffer in = binary(array);
        if (in == null) {
            return array == null ? null : (byte[][]) array.getArray();
        }
        byte[][] values = new byte[count(in)][];
        in.position(Math.min(ELEMENTS_AT, in.limit()));
        for (int i = 0; i < values.length; i++) {
            int length = in.getInt();
            if (length >= 0) {
                values[i] = new byte[length];
                in.get(values[i]);
            }
        }
        return values;
    }

    /** Sets a parameter of the type {@code bytea[]}. */
    public static void set(PreparedStatement statement, int parameter, byte @Nullable [] @Nullable [] values)
            throws SQLException {
        if (values == null) {
            statement.setNull(parameter, Types.ARRAY, "_bytea");
        } else {
            statement.setArray(parameter, statement.getConnection().createArrayOf("bytea", values));
        }
    }

    /** Null if the server has sent text, as it may until the driver knows the types of the statement's results. */
    private static @Nullable ByteBuffer binary(@Nullable Array array) {
        byte[] bytes = array instanceof PgArray sent ? sent.toBytes() : null;
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static int count(ByteBuffer in) {
        return in.getInt(DIMENSIONS_AT) == 0 ? 0 : in.getInt(COUNT_AT);
    }
}
