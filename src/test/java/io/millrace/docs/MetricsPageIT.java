package io.millrace.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.StartPosition;
import io.millrace.group.Groups;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import io.millrace.testing.Hub;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} lists exactly the meters of the hub, with their types and tags. */
class MetricsPageIT {

    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (millrace_\\w+) (\\w+)$");

    @Test
    void everyMeterIsListedWithItsTypeAndTags() throws Exception {
        Map<String, String> listed = new TreeMap<>();
        for (DocumentedRow row : DocumentedRow.all("docs/metrics.md")) {
            listed.put(row.name(), row.second() + " " + row.cells().get(2));
            assertThat(row.last()).as(row.name()).endsWith(".");
        }

        assertThat(listed).isEqualTo(served());
    }

    /** Runs the garbage collector first: a gauge whose object is only weakly reachable has a value until then. */
    @Test
    void everyGaugeIsANumberForAsLongAsTheHubRuns() throws Exception {
        List<String> documented = DocumentedRow.all("docs/metrics.md").stream()
                .filter(row -> row.second().equals("gauge"))
                .map(DocumentedRow::name)
                .toList();
        try (Hub hub = Hub.start("millrace.groups.lag-interval=100ms");
                HttpClient client = HttpClient.newHttpClient()) {
            join(hub);
            page(hub, client);
            collectGarbage();

            Map<String, Double> values = samples(page(hub, client));

            for (String gauge : documented) {
                assertThat(values.keySet()).as(gauge).anyMatch(series -> series.startsWith(gauge + "{"));
            }
            assertThat(values).as("series without a number").doesNotContainValue(Double.NaN);
        }
    }

    private static void collectGarbage() {
        for (int round = 0; round < 3; round++) {
            WeakReference<Object> gone = new WeakReference<>(new Object());
            Awaitility.await().until(() -> {
                System.gc();
                return gone.get() == null;
            });
        }
    }

    /** The hub's series with their values. */
    private static Map<String, Double> samples(String page) {
        return page.lines()
                .filter(line -> line.startsWith("millrace_"))
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(sample -> sample[0], sample -> Double.valueOf(sample[1])));
    }

    private static Map<String, String> served() throws Exception {
        Map<String, String> families = new TreeMap<>();
        try (Hub hub = Hub.start("millrace.groups.lag-interval=100ms");
                HttpClient client = HttpClient.newHttpClient()) {
            join(hub);
            String page = page(hub, client);
            Matcher family = FAMILY.matcher(page);
            while (family.find()) {
                families.put(family.group(1), family.group(2) + " " + tags(page, family.group(1)));
            }
        }
        return families;
    }

    /** The page that Prometheus reads, once it has the series of groups. */
    private static String page(Hub hub, HttpClient client) {
        HttpRequest scrape = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + hub.managementPort() + "/actuator/prometheus"))
                .build();
        return Awaitility.await()
                .until(() -> client.send(scrape, BodyHandlers.ofString()).body(), text -> text.contains("group=\""));
    }

    /** Some meters have series only while there is a group with a member. */
    private static void join(Hub hub) {
        hub.createTopic("t", 1);
        hub.bean(Groups.class)
                .joinDetached(new JoinRequest(
                        "g", MemberProtocol.REST, List.of("t"), new StartPosition.Latest(), null, null, null));
    }

    /** A family's own tags, as the documentation writes them. */
    private static String tags(String page, String family) {
        Matcher sample = Pattern.compile("(?m)^" + family + "(?:_bucket|_count)?\\{([^}]*)}")
                .matcher(page);
        assertThat(sample.find()).as(family).isTrue();
        return Pattern.compile("(\\w+)=")
                .matcher(sample.group(1))
                .results()
                .map(tag -> tag.group(1))
                .filter(tag -> !tag.equals("application") && !tag.equals("le"))
                .map(tag -> "`" + tag + "`")
                .collect(Collectors.joining(", "));
    }
}
