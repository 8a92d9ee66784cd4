package io.millrace.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A line on standard error that needs neither a lock nor the logger nor, once created, any memory: for a process that
 * ends because it can rely on nothing else.
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
            // Standard error is closed; that must not keep the process from ending.
        }
    }
}
