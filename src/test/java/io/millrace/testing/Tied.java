package io.millrace.testing;

import java.util.ArrayList;
import java.util.List;

/** Commands that end with this JVM, however it ends: it holds the other end of their shell's input. */
public final class Tied {

    private Tied() {}

    /** The command in the shell that the process begins as; its pid is that of the command. */
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
