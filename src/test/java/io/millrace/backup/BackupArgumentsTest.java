package io.millrace.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BackupArgumentsTest {

    private record Result(int exitCode, String out, String err) {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "backup                          | Missing required option: '--to=DIRECTORY'",
                "backup --to a --from b          | '--from'",
                "backup --to a --output xml      | 'xml' is not one of text, json",
                "backup --to a b                 | Unmatched argument",
                "restore --home a                | Missing required option: '--from=DIRECTORY'",
                "restore --from a --to b         | '--to'",
            })
    void wrongUsageIsReportedWithTheUsageAndExitCode2(String arguments, String message) {
        Result result = run(arguments);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains(message.strip())
                .contains("Usage: millrace " + arguments.strip().split(" ")[0]);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void theHelpHasDefaults() {
        assertThat(run("backup --help").out()).contains("--home=DIRECTORY").contains("Default: ./data");
        assertThat(run("restore --help").out()).contains("--replace").contains("docs/backup.md");
    }

    @Test
    void aRefusalIsExitCode1AndOneLine(@TempDir Path home) {
        Result backup = run("backup --home " + home + " --to " + home.resolve("copy"));
        Result restore = run("restore --home " + home + " --from " + home);

        assertThat(backup)
                .isEqualTo(new Result(
                        1,
                        "",
                        home + " has no data of an embedded PostgreSQL. Name the hub's millrace.home; a PostgreSQL of"
                                + " your own has tools of its own\n"));
        assertThat(restore.exitCode()).isEqualTo(1);
        assertThat(restore.err())
                .isEqualTo(home + " is not a finished backup: it has no backup.json. Name the directory that millrace"
                        + " backup has written\n");
    }

    /** @param arguments separated by spaces */
    private static Result run(String arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = new CommandLine(new Millrace());
        int exitCode = BackupCommand.configured(commandLine)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.strip().split(" +"));
        return new Result(exitCode, out.toString(), err.toString());
    }

    @CommandLine.Command(
            name = "millrace",
            subcommands = {BackupCommand.class, RestoreCommand.class})
    private static final class Millrace {}
}
