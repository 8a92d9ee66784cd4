package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Beside;
import io.millrace.testing.Chromium;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Swagger UI as people use it, in a browser that can reach only the hub. */
@EnabledIf("io.millrace.testing.Chromium#installed")
@Beside
class SwaggerUiIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern FROM_A_NETWORK = Pattern.compile("https?:|wss?:|ftp:");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Chromium chromium;

    private Hub hub;
    private HttpApi api;

    @BeforeAll
    static void startBrowser() throws Exception {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopBrowser() throws Exception {
        chromium.close();
    }

    @BeforeEach
    void open() {
        hub = Hub.start();
        api = HttpApi.of(hub);
        chromium.events(); // discards those of other tests
        chromium.browser().get(hub.http("/swagger-ui.html").toString());
    }

    @AfterEach
    void close() {
        api.close();
        hub.close();
    }

    @Test
    void theExamplesOfTheDocumentMakeATopicWithRecords() {
        Shown created = new Operation("Topics", "createTopic").execute();

        assertThat(created.status()).isEqualTo(201);
        assertThat(JSON.readTree(created.body()).path("name").asString()).isEqualTo("flights");
        assertThat(HttpApi.elements(
                        api.get("/v1/topics/flights").hasStatus(200).json().path("partitions")))
                .hasSize(1);

        Shown produced = new Operation("Records", "produce").execute();

        assertThat(produced.status()).isEqualTo(200);
        List<JsonNode> results = HttpApi.elements(JSON.readTree(produced.body()).path("results"));
        assertThat(results).hasSize(2);
        assertThat(stored(results.get(0))).isEqualTo("{\"key\":\"DTW\",\"value\":{\"delay\":66}}");
        assertThat(stored(results.get(1))).isEqualTo("{\"key\":null,\"value\":\"without a key\"}");
    }

    /** The way of a record; {@link ExamplesIT} sends the examples of all operations. */
    @Test
    void aRecordIsProducedReadAndCommittedFromTopToBottom() {
        Map<String, Shown> answers = new LinkedHashMap<>();
        for (String id : List.of(
                "Topics-createTopic",
                "Records-produce",
                "Group_members-joinGroup",
                "Group_members-readAsMember",
                "Group_members-commitOffsets")) {
            Operation operation = new Operation(By.id("operations-" + id));
            if (operation.has("tr[data-param-name=member]")) {
                operation.write("tr[data-param-name=member] input", member(answers));
            }
            Shown answer = operation.execute();
            assertThat(answer.status()).as(id + " " + answer.body()).isBetween(200, 299);
            answers.put(id.replaceFirst(".*-", ""), answer);
            operation.fold();
        }

        assertThat(records(JSON.readTree(answers.get("readAsMember").body())
                        .path("partitions")
                        .path(0)
                        .toString()))
                .hasSize(2);
    }

    @Test
    void textAndLinesCanBeTriedToo() {
        hub.createTopic("flights", 1);
        Operation text = new Operation("Records", "produce");
        text.choose("text/plain");
        assertThat(text.execute().status()).isEqualTo(200);
        Operation lines = new Operation("Records", "produce");
        lines.choose("application/x-ndjson");
        lines.write("textarea.body-param__text", "{\"value\":1}\n{\"value\":2}\n{\"value\":3}");
        assertThat(lines.execute().status()).isEqualTo(200);
        assertThat(api.count("flights")).isEqualTo(1 + 3);
    }

    /** Users copy it from the answer to the join: the page cannot know it. */
    private static String member(Map<String, Shown> answers) {
        return JSON.readTree(answers.get("joinGroup").body()).path("member_id").asString();
    }

    private static List<JsonNode> records(String page) {
        return HttpApi.elements(JSON.readTree(page).path("records"));
    }

    @Test
    void aKeyCanBeEntered() {
        try (Hub guarded = Guarded.start()) {
            chromium.browser().get(guarded.http("/swagger-ui.html").toString());
            assertThat(new Operation("Topics", "createTopic").execute().status())
                    .isEqualTo(401);

            chromium.browser().get(guarded.http("/swagger-ui.html").toString());
            press("button.authorize");
            await().atMost(PATIENCE).until(() -> !chromium.browser()
                    .findElements(By.cssSelector(".auth-container input"))
                    .isEmpty());
            chromium.browser()
                    .findElement(By.cssSelector(".auth-container input"))
                    .sendKeys(Guarded.key(guarded, Guarded.ADMIN));
            press(".auth-btn-wrapper button.authorize");
            press(".auth-btn-wrapper button.btn-done");

            assertThat(new Operation("Topics", "createTopic").execute().status())
                    .isEqualTo(201);
        }
    }

    private static void press(String button) {
        await().atMost(PATIENCE).until(() -> {
            List<WebElement> found = chromium.browser().findElements(By.cssSelector(button));
            found.stream().limit(1).forEach(WebElement::click);
            return !found.isEmpty();
        });
    }

    @Test
    void aRefusalShowsItsProblem() {
        Operation create = new Operation("Topics", "createTopic");
        create.write("textarea.body-param__text", "{\"name\":\"no good name\"}");

        create.execute().isProblem(400, "invalid_topic_name", null);

        Operation produce = new Operation("Records", "produce");
        produce.write("tr[data-param-name=topic] input", "nowhere");

        produce.execute().isProblem(404, "unknown_topic", null);

        hub.createTopic("flights", 1);
        produce.write("tr[data-param-name=topic] input", "flights");
        produce.write("textarea.body-param__text", "{\"records\":[{\"value\":}]}");

        produce.execute().isProblem(400, "malformed_json", null);
        assertThat(api.count("flights")).isZero();
    }

    @Test
    void thePageFetchesFromTheHubAloneAndKeepsToItsPolicy() {
        chromium.console();
        chromium.browser().get(hub.http("/swagger-ui.html").toString());

        assertThat(new Operation("Topics", "createTopic").execute().status()).isEqualTo(201);

        assertThat(chromium.console()).isEmpty();
        assertThat(chromium.browser().executeScript("""
            return fetch('/swagger-ui/index.html').then(page => page.headers.get('Content-Security-Policy'))\
            """)).asString().contains("script-src" + " 'self';");
        List<String> fetched = chromium.events().stream()
                .map(event -> JSON.readTree(event).path("message"))
                .filter(message -> message.path("method").asString().equals("Network.requestWillBeSent"))
                .map(message ->
                        message.path("params").path("request").path("url").asString())
                .filter(url -> FROM_A_NETWORK.matcher(url).lookingAt())
                .toList();
        assertThat(fetched)
                .contains(
                        hub.http("/openapi").toString(), hub.http("/v1/topics").toString())
                .allMatch(url -> url.startsWith(hub.http("/").toString()));
    }

    /** The stored record at the position of a result. */
    private String stored(JsonNode result) {
        JsonNode record = api.records("flights", result.path("partition").asInt()).stream()
                .filter(candidate -> candidate.path("offset").asLong()
                        == result.path("offset").asLong())
                .findFirst()
                .orElseThrow();
        return "{\"key\":" + record.path("key") + ",\"value\":" + record.path("value") + "}";
    }

    /** The answer that an operation shows. */
    private record Shown(int status, String body) {

        void isProblem(int expectedStatus, String code, String pointer) {
            assertThat(status).as(body).isEqualTo(expectedStatus);
            JsonNode problem = JSON.readTree(body);
            assertThat(problem.path("code").asString()).isEqualTo(code);
            assertThat(problem.path("detail").asString()).isNotBlank();
            if (pointer != null) {
                assertThat(problem.path("errors").path(0).path("pointer").asString())
                        .isEqualTo(pointer);
            }
        }
    }

    /** One operation on the page, unfolded and ready to be executed. */
    private final class Operation {

        private static final String ANSWER = ".live-responses-table tbody";

        private final By block;

        Operation(String tag, String id) {
            this(By.id("operations-" + tag + "-" + id));
        }

        Operation(By block) {
            this.block = block;
            if (!has(".opblock-body")) {
                click(".opblock-summary-control");
            }
        }

        /** The page draws everything that is unfolded again at each click. */
        void fold() {
            click(".opblock-summary-control");
            await().atMost(PATIENCE).until(() -> !has(".opblock-body"));
        }

        void write(String field, String text) {
            WebElement input = element(field);
            input.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
            await().atMost(PATIENCE)
                    .until(() -> element(field).getDomProperty("value").equals(text));
        }

        /** Chooses the type of the body. */
        void choose(String type) {
            new Select(element(".opblock-section-request-body select.content-type")).selectByValue(type);
        }

        Shown execute() {
            if (has(ANSWER)) {
                click(".btn-clear");
                await().atMost(PATIENCE).until(() -> !has(ANSWER));
            }
            click(".execute");
            int status = Integer.parseInt(element(ANSWER + " .response-col_status")
                    .getText()
                    .lines()
                    .findFirst()
                    .orElseThrow());
            return new Shown(
                    status,
                    has(ANSWER + " .microlight")
                            ? element(ANSWER + " .microlight").getText()
                            : "");
        }

        private boolean has(String selector) {
            return !element("").findElements(By.cssSelector(selector)).isEmpty();
        }

        private void click(String selector) {
            WebElement element = element(selector);
            chromium.browser().executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
            element.click();
        }

        private WebElement element(String selector) {
            return await(block + " " + selector)
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(
                            () -> selector.isEmpty()
                                    ? chromium.browser().findElement(block)
                                    : chromium.browser().findElement(block).findElement(By.cssSelector(selector)),
                            WebElement::isDisplayed);
        }
    }
}
