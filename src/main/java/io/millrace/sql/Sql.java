package io.millrace.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The named SQL statements of one package: {@code <verb>-<noun>.sql} in the resources beside the class. This is the one
 * way in which the hub loads SQL, so that a test can find and prepare every statement.
 */
public final class Sql {

    private final Class<?> owner;
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    private Sql(Class<?> owner) {
        this.owner = owner;
    }

    /** The statements in the resources of the owner's package. */
    public static Sql of(Class<?> owner) {
        return new Sql(owner);
    }

    /**
     * The text of one statement, without its closing line break.
     *
     * @param name the file's name without {@code .sql}
     * @throws IllegalArgumentException if there is no such file
     */
    public String text(String name) {
        return texts.computeIfAbsent(name, this::load);
    }

    private String load(String name) {
        try (InputStream file = owner.getResourceAsStream(name + ".sql")) {
            if (file == null) {
                throw new IllegalArgumentException("no statement " + name + ".sql beside " + owner.getName());
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException failure) {
            throw new IllegalArgumentException("statement " + name + ".sql cannot be read", failure);
        }
    }
}
