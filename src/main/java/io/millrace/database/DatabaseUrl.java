package io.millrace.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * The URL of a database as operators write it: in PostgreSQL's own form, which platforms hand out, or in JDBC's.
 *
 * @param jdbcUrl without user and password, unless they were among the options of a JDBC URL
 */
record DatabaseUrl(
        String jdbcUrl, @Nullable String username, @Nullable String password) implements JdbcConnectionDetails {

    private static final String JDBC = "jdbc:postgresql:";

    /** libpq's option names, each with pgjdbc's name for it. */
    private static final Map<String, String> OPTION_NAMES = Map.of(
            "application_name", "ApplicationName",
            "connect_timeout", "connectTimeout",
            "target_session_attrs", "targetServerType");

    private static final Map<String, String> SERVER_TYPES =
            Map.of("read-write", "primary", "standby", "secondary", "prefer-standby", "preferSecondary");

    /**
     * @param username overrides the one in the URL, as the password does
     * @throws DatabaseUrlException if the text is not such a URL; the message does not repeat it, since it may hold a
     *     password
     */
    static DatabaseUrl parse(String text, @Nullable String username, @Nullable String password) {
        return parse("MILLRACE_DATABASE_URL", text, username, password);
    }

    /** @param setting which setting the text is, for the message */
    static DatabaseUrl parse(String setting, String text, @Nullable String username, @Nullable String password) {
        try {
            return parseOrFail(text.strip(), username, password);
        } catch (IllegalArgumentException malformed) {
            throw new DatabaseUrlException(
                    setting + " is not the URL of a PostgreSQL database: " + malformed.getMessage(),
                    "Write postgresql://user:password@host:5432/database, with all characters other than letters and"
                            + " digits percent-encoded, such as %40 for @; or"
                            + " set MILLRACE_DATABASE_USERNAME and MILLRACE_DATABASE_PASSWORD");
        }
    }

    private static DatabaseUrl parseOrFail(String url, @Nullable String username, @Nullable String password) {
        if (url.startsWith(JDBC)) {
            String authority =
                    url.substring(JDBC.length()).replaceFirst("^//", "").replaceFirst("[/?].*", "");
            if (authority.indexOf('@') >= 0) {
                // The driver would take them for a part of the host, and print them.
                throw new IllegalArgumentException("one with jdbc: has no user and password in front of the host");
            }
            return new DatabaseUrl(DriverOptions.addTo(url), username, password);
        }
        if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            throw new IllegalArgumentException("it starts with neither postgresql:// nor jdbc:postgresql://");
        }
        try {
            return parse(new URI(url), username, password);
        } catch (URISyntaxException wrong) {
            throw new IllegalArgumentException(wrong.getReason() + " at position " + wrong.getIndex());
        }
    }

    private static DatabaseUrl parse(URI uri, @Nullable String username, @Nullable String password) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? "" : authority.substring(0, at);
        int colon = login.indexOf(':');
        String user = colon < 0 ? login : login.substring(0, colon);
        String secret = colon < 0 ? "" : login.substring(colon + 1);
        String database = uri.getRawPath().startsWith("/") ? uri.getRawPath().substring(1) : "";
        String hosts = authority.substring(at + 1);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("it names no host");
        }
        String jdbcUrl = JDBC + "//" + hosts + "/" + database + options(uri.getRawQuery());
        return new DatabaseUrl(
                DriverOptions.addTo(jdbcUrl),
                username != null ? username : decodedOrNull(user),
                password != null ? password : decodedOrNull(secret));
    }

    private static String options(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return "";
        }
        StringJoiner options = new StringJoiner("&", "?", "");
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("an option has no value");
            }
            String name = option.substring(0, equals);
            String value = option.substring(equals + 1);
            options.add(OPTION_NAMES.getOrDefault(name, name)
                    + "="
                    + (name.equals("target_session_attrs") ? SERVER_TYPES.getOrDefault(value, value) : value));
        }
        return options.toString();
    }

    private static @Nullable String decodedOrNull(String text) {
        try {
            // A plus sign stands for itself here, unlike in an HTML form.
            return text.isEmpty() ? null : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("user or password is not percent-encoded");
        }
    }

    @Override
    public String getJdbcUrl() {
        return jdbcUrl;
    }

    @Override
    public @Nullable String getUsername() {
        return username;
    }

    @Override
    public @Nullable String getPassword() {
        return password;
    }

    /** Keeps the password out of logs. */
    @Override
    public String toString() {
        return "DatabaseUrl[username=" + username + "]";
    }
}
