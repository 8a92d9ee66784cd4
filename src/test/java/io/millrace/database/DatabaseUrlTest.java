package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    private static final String DEFAULTS = "ApplicationName=millrace&connectTimeout=3&socketTimeout=5"
            + "&tcpKeepAlive=true&prepareThreshold=1&targetServerType=primary&hostRecheckSeconds=2";

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        postgresql://ann:secret@db:5433/hub       | jdbc:postgresql://db:5433/hub            | ann     | secret
        postgres://ann:secret@db/hub              | jdbc:postgresql://db/hub                 | ann     | secret
        postgresql://db/hub                       | jdbc:postgresql://db/hub                 | -       | -
        postgresql://ann@db                       | jdbc:postgresql://db/                    | ann     | -
        postgresql://a%40b:p%2Fq+r%3A%23@db/hub   | jdbc:postgresql://db/hub                 | a@b     | p/q+r:#
        postgresql://ann:a:b@[::1]:5432/hub       | jdbc:postgresql://[::1]:5432/hub         | ann     | a:b
        postgresql://ann:x@one:1,two:2/hub        | jdbc:postgresql://one:1,two:2/hub        | ann     | x
        postgresql://db/my%20hub                  | jdbc:postgresql://db/my%20hub            | -       | -
        """)
    void bothFormsOfTheUrlAreUnderstood(String text, String jdbcUrl, String username, String password) {
        DatabaseUrl url = DatabaseUrl.parse(text, null, null);

        assertThat(url).isEqualTo(new DatabaseUrl(jdbcUrl + "?" + DEFAULTS, username, password));
    }

    @Test
    void aJdbcUrlKeepsItsOptions() {
        DatabaseUrl url = DatabaseUrl.parse("jdbc:postgresql://db/hub?socketTimeout=7&user=ann", null, null);

        assertThat(url.jdbcUrl())
                .isEqualTo(
                        "jdbc:postgresql://db/hub?socketTimeout=7&user=ann&ApplicationName=millrace"
                            + "&connectTimeout=3&tcpKeepAlive=true&prepareThreshold=1&targetServerType=primary&hostRecheckSeconds=2");
    }

    @Test
    void optionsOfLibpqGetTheirJdbcNames() {
        DatabaseUrl url = DatabaseUrl.parse(
                "postgresql://db/hub?target_session_attrs=read-write&sslmode=require&connect_timeout=9"
                        + "&application_name=blue",
                null,
                null);

        assertThat(url.jdbcUrl())
                .startsWith("jdbc:postgresql://db/hub?targetServerType=primary&sslmode=require&connectTimeout=9"
                        + "&ApplicationName=blue&socketTimeout=5");
    }

    @Test
    void separateUserAndPasswordOverrideThoseInTheUrl() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://ann:secret@db/hub", "bob", "other");

        assertThat(url.username()).isEqualTo("bob");
        assertThat(url.password()).isEqualTo("other");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://ann:hunter2@db/hub",
                "postgresql://ann:hunter2@/hub",
                "postgresql://ann:hunter2 @db/hub",
                "postgresql://ann:hunter2%zz@db/hub",
                "postgresql://ann:hunter2@db/hub?verbose",
                "hunter2"
            })
    void aWrongUrlIsRefusedWithoutShowingThePassword(String text) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text, null, null))
                .isInstanceOf(DatabaseUrlException.class)
                .hasMessageStartingWith("MILLRACE_DATABASE_URL is not the URL of a PostgreSQL database: ")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void theMessageNamesTheSetting() {
        assertThatThrownBy(() -> DatabaseUrl.parse("MILLRACE_DATABASE_FOLLOWER_URL", "db", null, null))
                .isInstanceOf(DatabaseUrlException.class)
                .hasMessage("MILLRACE_DATABASE_FOLLOWER_URL is not the URL of a PostgreSQL database: it starts with"
                        + " neither postgresql:// nor jdbc:postgresql://");
    }

    @Test
    void noPasswordIsPrinted() {
        assertThat(DatabaseUrl.parse("postgresql://ann:hunter2@db/hub", null, null))
                .asString()
                .doesNotContain("hunter2");
        assertThat(new DatabaseProperties(
                        "postgresql://ann:hunter2@db/hub",
                        "ann",
                        "hunter2",
                        Duration.ZERO,
                        true,
                        "postgresql://ann:hunter2@standby/hub",
                        4))
                .asString()
                .doesNotContain("hunter2");
    }
}
