package io.millrace.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The named SQL statements of one package: {@code <verb>-<noun>.sql} in the resources beside the class. This is the one
 * way in which the hub loads SQL, so that a test can find and prepare every statement.
 *
 * <p>All of a package's statements are read at once, by whoever makes this: a bean, while the hub starts. So no request
 * ever waits for a file, and none opens the jar.
 */
public final class Sql {

    private static final String SUFFIX = ".sql";

    private final Class<?> owner;
    private final Map<String, String> texts;

    private Sql(Class<?> owner, Map<String, String> texts) {
        this.owner = owner;
        this.texts = texts;
    }

    /** The statements in the resources of the owner's package. */
    public static Sql of(Class<?> owner) {
        try {
            Map<String, String> texts = new HashMap<>();
            // Everywhere, since a directory of this name may lie in several places of the class path.
            String pattern = "classpath*:" + owner.getPackageName().replace('.', '/') + "/*" + SUFFIX;
            for (Resource file :
                    new PathMatchingResourcePatternResolver(owner.getClassLoader()).getResources(pattern)) {
                String name = String.valueOf(file.getFilename());
                texts.put(
                        name.substring(0, name.length() - SUFFIX.length()),
                        file.getContentAsString(StandardCharsets.UTF_8).strip());
            }
            return new Sql(owner, Map.copyOf(texts));
        } catch (IOException failure) {
            throw new IllegalArgumentException("the statements beside " + owner.getName() + " cannot be read", failure);
        }
    }

    /**
     * The text of one statement, without its closing line break.
     *
     * @param name the file's name without {@code .sql}
     * @throws IllegalArgumentException if there is no such file
     */
    public String text(String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException("no statement " + name + SUFFIX + " beside " + owner.getName());
        }
        return text;
    }
}
