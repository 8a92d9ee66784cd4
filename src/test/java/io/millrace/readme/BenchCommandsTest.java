package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.bench.BenchCommand;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands for measuring, as the documents show them, are commands. */
class BenchCommandsTest {

    @ParameterizedTest
    @ValueSource(strings = {"bench.md", "performance.md"})
    void everyCommandIsUnderstood(String page) throws Exception {
        List<String> commands = new Page(Path.of("docs", page))
                .blocks("").stream()
                        .flatMap(String::lines)
                        .filter(line -> line.startsWith("bench "))
                        .toList();

        assertThat(commands).hasSizeGreaterThan(5).allSatisfy(command -> {
            String[] arguments = command.replaceFirst("#.*", "")
                    .substring("bench ".length())
                    .strip()
                    .split(" +");
            assertThatCode(() -> BenchCommand.configured(new CommandLine(new BenchCommand()))
                            .parseArgs(arguments))
                    .doesNotThrowAnyException();
        });
    }
}
