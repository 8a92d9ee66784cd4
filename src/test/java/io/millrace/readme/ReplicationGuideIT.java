package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.MillraceApplication;
import io.millrace.replication.Replication;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Runs the commands of {@code docs/replication.md} on a hub that is started as the page says. */
@EnabledIf("toolsAreInstalled")
class ReplicationGuideIT {

    private static final String SPRING_ARGUMENTS = "-Dspring-boot.run.arguments=";

    @TempDir
    private Path directory;

    static boolean toolsAreInstalled() {
        return Shell.has("bash", "curl");
    }

    @Test
    void aRecordIsStoredOnTheFollowerToo() throws Exception {
        String start = Page.REPLICATION.blocks("console").getFirst().strip();
        assertThat(Page.README.blocks("console")).map(String::strip).containsExactly(start);
        String argument = start.substring(start.indexOf(SPRING_ARGUMENTS) + SPRING_ARGUMENTS.length());
        try (var hub = new SpringApplicationBuilder(MillraceApplication.class)
                .web(WebApplicationType.REACTIVE)
                .registerShutdownHook(false)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--millrace.home=" + directory.resolve("data"),
                        argument)) {
            Replication replication = hub.getBean(Replication.class);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> replication.replicas().stream().anyMatch(seen -> seen.suffice(2)));
            String script = Page.REPLICATION
                    .blocks("sh")
                    .getFirst()
                    .replace(
                            "localhost:8080",
                            "localhost:" + hub.getEnvironment().getRequiredProperty("local.server.port"));

            Shell.Result result = new Shell(directory).run(script, _ -> false);

            assertThat(result.status()).as(result.output()).isZero();
            assertThat(result.output())
                    .contains("{\"results\":[{\"partition\":0,\"offset\":0}]}")
                    .contains("\"name\":\"leader\",\"role\":\"leader\"")
                    .containsPattern("\"name\":\"follower_1\",\"role\":\"follower\",.*\"in_sync\":true");
        }
    }
}
