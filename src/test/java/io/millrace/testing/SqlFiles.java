package io.millrace.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the hub's named SQL statements, and their statements as PostgreSQL can prepare and explain them. */
public final class SqlFiles {

    public static final Path ROOT = Path.of("src/main/resources/io/millrace");

    private static final Pattern PLACEHOLDER = Pattern.compile("(?<!:):[a-z_]+|\\?");
    private static final Pattern POSITION = Pattern.compile("\\$\\d+");
    private static final Pattern COMMENT = Pattern.compile("--.*");

    private SqlFiles() {}

    public static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".sql")).toList();
        }
    }

    /** The statements in a file's text, without comments: they are sent in one message, but prepared one by one. */
    public static List<String> statements(String text) {
        return List.of(COMMENT.matcher(text).replaceAll("").split(";"));
    }

    /** A statement with {@code $1}, {@code $2}, … in place of its placeholders, named or not. */
    public static String positional(String sql) {
        int[] parameter = {0};
        return PLACEHOLDER.matcher(sql).replaceAll(_ -> "\\$" + ++parameter[0]);
    }

    /** The number of parameters of a statement as {@link #positional} returns it. */
    public static int parameters(String positional) {
        return (int) POSITION.matcher(positional).results().count();
    }

    /**
     * The plan of a prepared statement, each line ended.
     *
     * @param options of {@code explain}
     * @param arguments as many as it has parameters, separated by commas; empty for none
     */
    public static String plan(Statement statement, String options, String prepared, String arguments)
            throws SQLException {
        String call = "execute " + prepared + (arguments.isEmpty() ? "" : "(" + arguments + ")");
        StringBuilder plan = new StringBuilder();
        try (ResultSet rows = statement.executeQuery("explain (" + options + ") " + call)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}
