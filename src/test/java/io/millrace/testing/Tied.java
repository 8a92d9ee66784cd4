package io.millrace.testing;

import java.util.ArrayList;
import java.util.List;

/** Commands that end with this JVM, even if it is killed: it holds the other end of their shell's input. */
public final class Tied {

    private Tied() {}

    /** Wraps the command in a shell that replaces itself by it, so the process has the command's pid. */
    public static List<String> command(List<String> command) {
        List<String> tied = new ArrayList<>(List.of(
                "sh",
                "-c",
                "exec 3<&0; { cat; kill -9 $$; } <&3 > /dev/null 2>&1 & exec 3<&-; exec \"$@\" < /dev/null",
                "sh"));
        tied.addAll(command);
        return tied;
    }
}
