package io.millrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.apidocs.ErrorPage;
import io.millrace.event.HubError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} describes each error as the catalogue does, and says what to do. */
class ErrorCatalogueTest {

    private static final Path PAGE = Path.of("docs/errors.md");

    @Test
    void eachSectionBeginsWithTheFactsOfTheCatalogue() throws Exception {
        List<String> expected =
                Arrays.stream(HubError.values()).map(ErrorCatalogueTest::facts).toList();

        assertThat(sections().stream().map(section -> String.join("\n\n", firstThree(section))))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void eachSectionSaysWhatTheErrorMeansAndWhatToDo() throws Exception {
        assertThat(sections()).allSatisfy(section -> {
            String[] paragraphs = section.split("\n\n");
            assertThat(paragraphs).hasSize(5);
            assertThat(paragraphs[3]).isNotBlank();
            assertThat(paragraphs[4]).startsWith("What to do: ");
        });
    }

    @Test
    void theServedPageHasAnAnchorForEachCodeAndShowsNoMarkdown() throws Exception {
        String html = ErrorPage.html(Files.readString(PAGE));

        for (HubError error : HubError.values()) {
            assertThat(html).containsOnlyOnce("<h2 id=\"" + error.code() + "\">" + error.code() + "</h2>");
        }
        assertThat(html).contains("<li>Status: 400</li>").contains("<code>errors</code>");
        assertThat(html.substring(html.indexOf("<body>"))).doesNotContain("`", "*", "\n# ", "\n## ", "\n- ");
    }

    @Test
    void markupInTextIsEscaped() {
        assertThat(ErrorPage.html("a < b & `<i>`")).contains("<p>a &lt; b &amp; <code>&lt;i></code></p>");
    }

    private static String facts(HubError error) {
        return error.code() + "\n\n" + error.title() + ".\n\n- Status: " + HttpStatuses.of(error) + "\n- Retry: "
                + (error.retryable() ? "yes" : "no") + "\n- Kafka: `" + error.kafkaError() + "`";
    }

    private static List<String> firstThree(String section) {
        return Arrays.stream(section.split("\n\n")).limit(3).toList();
    }

    private static List<String> sections() throws Exception {
        List<String> sections =
                new ArrayList<>(List.of(Files.readString(PAGE).strip().split("\n## ")));
        return sections.subList(1, sections.size()).stream().map(String::strip).toList();
    }
}
