package io.millrace.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Lines on standard error that need neither a lock nor the logger nor, once they are made, any memory: for a process
 * that ends because it can rely on nothing.
 */
final class LastWords {

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.err);

    private final byte[] text;

    LastWords(String line) {
        this.text = (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    void say() {
        try {
            OUT.write(text);
        } catch (IOException unheard) {
            // Nobody listens; that must not keep the process from ending.
        }
    }
}
