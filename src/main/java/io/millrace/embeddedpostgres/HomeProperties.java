package io.millrace.embeddedpostgres;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the hub keeps what it stores itself.
 *
 * @param home the directory of the embedded PostgreSQL: its programs, data, log and password. It is made if need be,
 *     belongs to one hub at a time, and is not used when the hub is given a database. A relative one starts at the
 *     working directory.
 */
@ConfigurationProperties("millrace")
public record HomeProperties(@DefaultValue("./data") String home) {

    public Path path() {
        return Path.of(home).toAbsolutePath().normalize();
    }
}
