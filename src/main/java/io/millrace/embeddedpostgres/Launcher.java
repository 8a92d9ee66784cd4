package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the server of an installation: the first time on a free port, later on the same port. */
final class Launcher {

    static final String DATABASE = "millrace";

    private static final Logger log = LoggerFactory.getLogger(Launcher.class);

    /** Another program may take the port between choice and bind; ten times in a row is no coincidence. */
    private static final int PORT_ATTEMPTS = 10;

    /** How often to check whether the backends of a killed postmaster have ended: most do within milliseconds. */
    private static final long OLD_BACKENDS_PAUSE_MILLIS = 200;

    private final Installation installation;
    private final EmbeddedPostgresProperties properties;

    Launcher(Installation installation, EmbeddedPostgresProperties properties) {
        this.installation = installation;
        this.properties = properties;
    }

    /** A server that accepts connections and has the hub's database. */
    record Running(int port, Postmaster postmaster) {}

    /** @throws EmbeddedPostgresException with the end of the server's log, if it does not start */
    Running firstStart() throws IOException {
        try {
            Running running = onFreePort();
            if (!installation.data().isStandby()) {
                ensureDatabase(running);
            }
            return running;
        } catch (StartFailure failure) {
            throw new EmbeddedPostgresException(
                    String.valueOf(failure.getMessage()),
                    "See the log in " + installation.log().directory() + ", or set MILLRACE_DATABASE_URL to a"
                            + " PostgreSQL database",
                    failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /** Starts the server without waiting for it, after stopping an earlier one that may still run there. */
    Postmaster launch(int port) throws IOException {
        Optional<Long> stranger = Leftover.clear(installation.data().path(), properties.stopTimeout());
        return Postmaster.launch(installation, port, stranger, properties.stopTimeout());
    }

    void awaitReady(Postmaster postmaster) throws StartFailure, InterruptedException {
        postmaster.awaitReady(installation.data().path(), properties.startTimeout());
    }

    private Running onFreePort() throws IOException, StartFailure, InterruptedException {
        long end = System.nanoTime() + properties.startTimeout().toNanos();
        int portsTaken = 0;
        while (true) {
            int port = freePort();
            Postmaster postmaster = launch(port);
            try {
                awaitReady(postmaster);
                return new Running(port, postmaster);
            } catch (StartFailure failure) {
                if (failure.portTaken() && ++portsTaken < PORT_ATTEMPTS) {
                    log.info("Another program has just taken port {}: trying another one", port);
                } else if (failure.oldBackends() && System.nanoTime() < end) {
                    log.info("Processes of a killed PostgreSQL still run: waiting for them");
                    TimeUnit.MILLISECONDS.sleep(OLD_BACKENDS_PAUSE_MILLIS);
                } else {
                    throw failure;
                }
            } catch (InterruptedException interrupted) {
                postmaster.abandon();
                throw interrupted;
            }
        }
    }

    private void ensureDatabase(Running running) throws IOException {
        Properties login = new Properties();
        login.setProperty("user", DataDirectory.USER);
        login.setProperty("password", installation.data().password());
        String url = "jdbc:postgresql://127.0.0.1:" + running.port() + "/postgres?sslmode=disable&connectTimeout=10";
        try (Connection connection = DriverManager.getConnection(url, login);
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("select from pg_database where datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                try (Statement create = connection.createStatement()) {
                    create.execute("create database " + DATABASE);
                }
            }
        } catch (SQLException failure) {
            running.postmaster().abandon();
            throw new IOException("the hub cannot log in to its own server: " + failure.getMessage(), failure);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
