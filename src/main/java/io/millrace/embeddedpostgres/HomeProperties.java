package io.millrace.embeddedpostgres;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the hub stores its own files.
 *
 * @param home the directory of the embedded PostgreSQL: its programs, data, log and password. It is created if need be,
 *     belongs to one hub at a time, and is not used when the hub is given a database. A relative path is relative to
 *     the working directory.
 */
@ConfigurationProperties("millrace")
public record HomeProperties(@DefaultValue("./data") String home) {

    public Path path() {
        return Path.of(home).toAbsolutePath().normalize();
    }
}
