package io.millrace.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.assignor.AssignorName;
import io.millrace.edge.JsonFields;
import io.millrace.edge.Places;
import io.millrace.edge.QueryParameters;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.RequestFields;
import io.millrace.event.StartPosition;
import io.millrace.event.Violation;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/** A join means the same, and is wrong for the same reason, as JSON and as a query. */
class JoinTermsTest {

    @Test
    void aJoinIsReadFromBoth() {
        JoinTerms expected = new JoinTerms(
                new JoinRequest(
                        "g",
                        MemberProtocol.SSE,
                        List.of("a", "b*"),
                        new StartPosition.AtTimestamp(1_700_000_000_000L),
                        "i",
                        Duration.ofSeconds(9),
                        AssignorName.RANGE),
                true);

        assertThat(terms(json("{'topics':['a','b*'],'from':1700000000000,'instance_id':'i',"
                        + "'session_timeout_ms':9000,'assignor':'range','commit':'auto'}")))
                .isEqualTo(expected);
        assertThat(terms(query("topics=a,b*&from=1700000000000&instance_id=i&session_timeout_ms=9000"
                        + "&assignor=range&commit=auto")))
                .isEqualTo(expected);
    }

    @Test
    void theDefaultsAreManualCommitsFromWhereTheGroupStands() {
        JoinTerms expected = new JoinTerms(
                new JoinRequest("g", MemberProtocol.SSE, List.of("a"), new StartPosition.Latest(), null, null, null),
                false);

        assertThat(terms(json("{'topics':['a'],'from':null}"))).isEqualTo(expected);
        assertThat(terms(query("topics=a"))).isEqualTo(expected);
        assertThat(terms(query("topics=a&from=committed&commit=manual"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        {}                                       |                                      | required         | topics
        {'topics':['a','a']}                     | topics=a,a                           | duplicate        | topics
        {'topics':'a'}                           | topics=                              | wrong_type       | topics
        {'topics':['a'],'from':'noon'}           | topics=a&from=noon                   | invalid_position | from
        {'topics':['a'],'from':-1}               | topics=a&from=-1                     | invalid_position | from
        {'topics':['a'],'from':1234567890123456789} | topics=a&from=1234567890123456789 | invalid_position | from
        {'topics':['a'],'from':''}               | topics=a&from=                       | invalid_position | from
        {'topics':['a'],'assignor':'best'}       | topics=a&assignor=best               | unknown_assignor | assignor
        {'topics':['a'],'commit':'often'}        | topics=a&commit=often                | invalid_commit   | commit
        {'topics':['a'],'session_timeout_ms':0}  | topics=a&session_timeout_ms=0    | out_of_range | session_timeout_ms
        {'topics':['a'],'session_timeout_ms':1.5}| topics=a&session_timeout_ms=1.5  | wrong_type   | session_timeout_ms
        {'topics':['a'],'session_timeout_ms':2147483648} | topics=a&session_timeout_ms=2147483648 | out_of_range | session_timeout_ms
        """)
    void aWrongFieldIsRefusedWithTheSameCode(String json, String query, String code, String field) {
        Violation inJson = refusal(json(json));
        Violation inQuery = refusal(query(query == null ? "" : query));

        assertThat(List.of(inJson.code(), inQuery.code())).containsExactly(code, code);
        assertThat(Places.text(inJson.place())).matches("#/" + field + "(/1)?");
        assertThat(Places.text(inQuery.place())).isEqualTo("?" + field);
    }

    @Test
    void theNumberOfTopicsIsBounded() {
        List<String> most = IntStream.range(0, GroupRequests.MOST_TOPICS)
                .mapToObj(i -> "t" + i)
                .toList();
        String array = most.stream().collect(Collectors.joining("','", "{'topics':['", "'"));
        String list = "topics=" + String.join(",", most);

        assertThat(terms(json(array + "]}")).join().topics()).isEqualTo(most);
        assertThat(terms(query(list)).join().topics()).isEqualTo(most);
        assertThat(refusal(json(array + ",'more']}")).code()).isEqualTo("too_many");
        assertThat(refusal(query(list + ",more")).code()).isEqualTo("too_many");
    }

    private static JoinTerms terms(RequestFields fields) {
        return JoinTerms.of("g", MemberProtocol.SSE, fields);
    }

    private static Violation refusal(RequestFields fields) {
        HubException refusal = catchThrowableOfType(HubException.class, () -> terms(fields));
        assertThat(refusal.error()).isEqualTo(HubError.INVALID_REQUEST);
        assertThat(refusal.violations()).hasSize(1);
        return refusal.violations().getFirst();
    }

    private static RequestFields json(String text) {
        return JsonFields.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JoinTerms.FIELDS);
    }

    private static RequestFields query(String query) {
        return QueryParameters.of(
                MockServerHttpRequest.method(HttpMethod.GET, URI.create("/?" + query))
                        .build(),
                JoinTerms.FIELDS);
    }
}
