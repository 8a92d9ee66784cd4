package io.millrace.edge;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Violation;
import io.millrace.json.JsonBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes refusals as problem documents (RFC 9457), in an answer of their own or within a frame. */
public final class Problems {

    /** Where the hub serves the page that explains each error, with one heading per error. */
    public static final String PAGE = "/docs/errors";

    private Problems() {}

    /** The URI of an error's explanation, relative to the hub. */
    public static String type(HubError error) {
        return PAGE + "#" + error.code();
    }

    /** @param instance the path of the request, if there is one */
    public static void write(JsonBuffer out, HubException problem, @Nullable String instance) {
        HubError error = problem.error();
        out.literal("{\"type\":").string(type(error));
        out.literal(",\"title\":").string(error.title());
        out.literal(",\"status\":").number(HttpStatuses.of(error));
        out.literal(",\"code\":").string(error.code());
        out.literal(",\"retryable\":" + error.retryable());
        out.literal(",\"detail\":").string(problem.detail());
        if (instance != null) {
            out.literal(",\"instance\":").string(instance);
        }
        out.literal(",\"kafka_error\":").string(error.kafkaError());
        for (Map.Entry<String, Object> member : problem.members().entrySet()) {
            out.ascii(',').string(member.getKey()).ascii(':');
            switch (member.getValue()) {
                case Number number -> out.literal(number.toString());
                case Boolean flag -> out.literal(flag.toString());
                case Object text -> out.string(text.toString());
            }
        }
        violations(out, problem.violations());
        out.ascii('}');
    }

    private static void violations(JsonBuffer out, List<Violation> violations) {
        if (violations.isEmpty()) {
            return;
        }
        String separator = ",\"errors\":[";
        for (Violation violation : violations) {
            out.literal(separator + "{\"pointer\":").string(Places.text(violation.place()));
            out.literal(",\"code\":").string(violation.code());
            out.literal(",\"detail\":").string(violation.detail()).ascii('}');
            separator = ",";
        }
        out.ascii(']');
    }
}
