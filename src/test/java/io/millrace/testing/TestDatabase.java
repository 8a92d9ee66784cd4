package io.millrace.testing;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** An empty database that belongs to one test. The user is its superuser. */
public record TestDatabase(String jdbcUrl, String username, String password) {

    /** The same, as the application takes it. */
    public JdbcConnectionDetails connectionDetails() {
        return new JdbcConnectionDetails() {
            @Override
            public String getUsername() {
                return username;
            }

            @Override
            public String getPassword() {
                return password;
            }

            @Override
            public String getJdbcUrl() {
                return jdbcUrl;
            }
        };
    }
}
