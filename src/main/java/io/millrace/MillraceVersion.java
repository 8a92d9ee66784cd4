package io.millrace;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote next to the classes. */
final class MillraceVersion {

    private MillraceVersion() {}

    static String get() {
        try (InputStream in = MillraceVersion.class.getResourceAsStream("/META-INF/build-info.properties")) {
            Properties build = new Properties();
            if (in != null) {
                build.load(in);
            }
            return build.getProperty("build.version", "of an unknown version");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
