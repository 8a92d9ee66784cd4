package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.bench.BenchCommand;
import io.millrace.verify.VerifyCommand;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands for measuring and verifying, as the documents show them, are commands. */
class CommandsTest {

    @ParameterizedTest
    @CsvSource({"bench.md, bench, 6", "performance.md, bench, 6", "verify.md, verify, 4"})
    void everyCommandIsUnderstood(String page, String name, int atLeast) throws Exception {
        List<String> commands = new Page(Path.of("docs", page))
                .blocks("").stream()
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith(name + " "))
                        .toList();

        assertThat(commands).hasSizeGreaterThanOrEqualTo(atLeast).allSatisfy(command -> {
            String[] arguments = command.replaceFirst("#.*", "")
                    .substring(name.length() + 1)
                    .strip()
                    .split(" +");
            assertThatCode(() -> commandLine(name).parseArgs(arguments)).doesNotThrowAnyException();
        });
    }

    private static CommandLine commandLine(String name) {
        return switch (name) {
            case "bench" -> BenchCommand.configured(new CommandLine(new BenchCommand()));
            case "verify" -> VerifyCommand.configured(new CommandLine(new VerifyCommand()));
            default -> throw new IllegalArgumentException(name);
        };
    }
}
