package io.millrace.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The named SQL statements of one package: {@code <verb>-<noun>.sql} in the resources beside the class. They are files
 * so that a test can find and prepare them all. Not in files are JPA's queries, the commands {@code set},
 * {@code listen} and {@code vacuum}, and the creation of the embedded database.
 *
 * <p>All of a package's statements are read at once, when a bean creates this while the hub starts: no request waits
 * for a file or opens the jar.
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
            // In every class path entry: several may have a directory of this name.
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
            throw new IllegalArgumentException("cannot read the statements of " + owner.getPackageName(), failure);
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
            throw new IllegalArgumentException("no statement " + name + SUFFIX + " in " + owner.getPackageName());
        }
        return text;
    }
}
