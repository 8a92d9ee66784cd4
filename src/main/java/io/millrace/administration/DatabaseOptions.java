package io.millrace.administration;

import io.millrace.command.CommandFailure;
import io.millrace.database.DirectConnection;
import io.millrace.embeddedpostgres.EmbeddedPostgresException;
import io.millrace.embeddedpostgres.RunningServer;
import io.millrace.event.HubException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import picocli.CommandLine.Option;

/** Which database to work on: the one of the hub, by the hub's own variables. */
final class DatabaseOptions {

    private static final String NO_TABLE = "42P01";
    private static final String NO_SCHEMA = "3F000";

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            defaultValue = "${env:MILLRACE_DATABASE_URL}",
            description = "The hub's millrace.database.url; without it, the embedded PostgreSQL of --home is used.")
    private @Nullable String url;

    @Option(
            names = "--database-username",
            paramLabel = "NAME",
            defaultValue = "${env:MILLRACE_DATABASE_USERNAME}",
            description =
                    "Instead of the one in the URL. The password is in MILLRACE_DATABASE_PASSWORD, or in the URL.")
    private @Nullable String username;

    @Option(
            names = "--home",
            paramLabel = "DIRECTORY",
            defaultValue = "${env:MILLRACE_HOME:-./data}",
            description = "The hub's millrace.home, whether it runs or not.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path home;

    /** Does something with the database; a failure becomes one line. */
    <T> T with(Function<JdbcClient, T> work) {
        try {
            if (url != null && !url.isBlank()) {
                try (Connection connection =
                        DirectConnection.open(url, username, System.getenv("MILLRACE_DATABASE_PASSWORD"))) {
                    return on(connection, work);
                }
            }
            try (RunningServer server = RunningServer.of(home.toRealPath());
                    Connection connection = server.connectToHubs()) {
                return on(connection, work);
            }
        } catch (HubException refusal) {
            throw new CommandFailure(refusal.detail(), refusal);
        } catch (EmbeddedPostgresException failure) {
            throw new CommandFailure(failure.getMessage() + ". " + failure.action(), failure);
        } catch (IOException failure) {
            throw new CommandFailure(home + " cannot be used as a hub's home: " + failure, failure);
        } catch (SQLException failure) {
            throw new CommandFailure("the database refuses: " + failure.getMessage(), failure);
        } catch (DataAccessException failure) {
            throw failure(failure);
        }
    }

    private static <T> T on(Connection connection, Function<JdbcClient, T> work) {
        return work.apply(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }

    private static CommandFailure failure(DataAccessException failure) {
        if (failure.getRootCause() instanceof SQLException cause) {
            String state = String.valueOf(cause.getSQLState());
            return state.equals(NO_TABLE) || state.equals(NO_SCHEMA)
                    ? new CommandFailure("no hub of this version has used the database yet: start it once", failure)
                    : new CommandFailure("the database refuses: " + cause.getMessage(), failure);
        }
        return new CommandFailure("the database cannot be used: " + failure.getMessage(), failure);
    }
}
