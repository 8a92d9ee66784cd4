package io.millrace.testing;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Files of a secret as Kubernetes mounts them: symbolic links into {@code ..data}, which is a symbolic link to a
 * directory. Whoever replaces the secret writes a new directory, and then moves the link {@code ..data} to it in one
 * step.
 */
public final class SecretVolume {

    private static final String DATA = "..data";

    private final Path directory;
    private int version;

    public SecretVolume(Path directory, X509Bundle certificate) throws IOException {
        this.directory = directory;
        replace(certificate);
        for (String name : List.of("tls.crt", "tls.key")) {
            Files.createSymbolicLink(directory.resolve(name), Path.of(DATA, name));
        }
    }

    /** The chain of the certificate. */
    public Path certificate() {
        return directory.resolve("tls.crt");
    }

    public Path key() {
        return directory.resolve("tls.key");
    }

    public void replace(X509Bundle certificate) throws IOException {
        replace(certificate.getCertificatePathPEM(), certificate.getPrivateKeyPEM());
    }

    public void replace(String certificate, String key) throws IOException {
        Path before = directory.resolve(".." + version);
        Path next = Files.createDirectory(directory.resolve(".." + ++version));
        Files.writeString(next.resolve("tls.crt"), certificate);
        Files.writeString(next.resolve("tls.key"), key);
        Path link = Files.createSymbolicLink(directory.resolve(DATA + "_tmp"), next.getFileName());
        Files.move(link, directory.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
        if (Files.exists(before)) {
            Files.delete(before.resolve("tls.crt"));
            Files.delete(before.resolve("tls.key"));
            Files.delete(before);
        }
    }
}
