package io.millrace.testing;

/** An empty database that belongs to one test. The user is its superuser. */
public record TestDatabase(String jdbcUrl, String username, String password) {}
