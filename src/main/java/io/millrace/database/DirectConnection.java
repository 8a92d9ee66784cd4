package io.millrace.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Connects to a hub's database without a hub, for commands. */
public final class DirectConnection {

    private DirectConnection() {}

    /**
     * @param url as in {@code millrace.database.url}
     * @param username instead of the one in the URL; null or empty for that one
     * @param password likewise
     * @throws SQLException also if the URL is none
     */
    public static Connection open(String url, @Nullable String username, @Nullable String password)
            throws SQLException {
        DatabaseUrl parsed;
        try {
            parsed = DatabaseUrl.parse("--database-url", url, blankToNull(username), blankToNull(password));
        } catch (DatabaseUrlException malformed) {
            throw new SQLException(malformed.getMessage(), malformed);
        }
        Properties properties = new Properties();
        if (parsed.getUsername() != null) {
            properties.setProperty("user", parsed.getUsername());
        }
        if (parsed.getPassword() != null) {
            properties.setProperty("password", parsed.getPassword());
        }
        return DriverManager.getConnection(parsed.getJdbcUrl(), properties);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
