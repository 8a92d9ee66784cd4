package io.millrace.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.jdbc.PgArray;

/** Arrays as the server sends them, in binary or as text. */
class BinaryArraysIT {

    private static final String ARRAYS = "select array[1, -2, 9223372036854775807]::bigint[] as longs,"
            + " array[0, 7, -2147483648]::int[] as ints,"
            + " array['a'::bytea, null, ''::bytea, '\\xff00'::bytea] as byteas,"
            + " '{}'::bigint[] as no_longs, '{}'::int[] as no_ints, '{}'::bytea[] as no_byteas,"
            + " null::bigint[] as null_longs, null::int[] as null_ints, null::bytea[] as null_byteas";

    private static TestDatabase database;

    @BeforeAll
    static void start() {
        database = TestPostgres.newDatabase();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void arraysAreReadInBinaryAndAsText(boolean binary) throws SQLException {
        String url = database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + "prepareThreshold=1"
                + "&binaryTransfer=" + binary;
        try (Connection connection = DriverManager.getConnection(url, database.username(), database.password());
                PreparedStatement statement = connection.prepareStatement(ARRAYS)) {
            statement.executeQuery().close();
            try (ResultSet row = statement.executeQuery()) {
                row.next();

                assertThat(((PgArray) row.getArray("longs")).isBinary()).isEqualTo(binary);
                assertThat(BinaryArrays.longs(row, row.findColumn("longs"))).containsExactly(1, -2, Long.MAX_VALUE);
                assertThat(BinaryArrays.ints(row, row.findColumn("ints"))).containsExactly(0, 7, Integer.MIN_VALUE);
                assertThat(BinaryArrays.byteas(row, row.findColumn("byteas"))).isDeepEqualTo(new byte[][] {
                    "a".getBytes(StandardCharsets.US_ASCII), null, {}, {(byte) 0xff, 0},
                });
                assertThat(BinaryArrays.longs(row, row.findColumn("no_longs"))).isEmpty();
                assertThat(BinaryArrays.ints(row, row.findColumn("no_ints"))).isEmpty();
                assertThat(BinaryArrays.byteas(row, row.findColumn("no_byteas")))
                        .isEmpty();
                assertThat(BinaryArrays.longs(row, row.findColumn("null_longs")))
                        .isNull();
                assertThat(BinaryArrays.ints(row, row.findColumn("null_ints"))).isNull();
                assertThat(BinaryArrays.byteas(row, row.findColumn("null_byteas")))
                        .isNull();
            }
        }
    }
}
