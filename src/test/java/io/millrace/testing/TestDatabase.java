package io.millrace.testing;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** An empty database for one test. The user is a superuser. */
public record TestDatabase(String jdbcUrl, String username, String password) {

    /** The same, in the form that the application uses. */
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
