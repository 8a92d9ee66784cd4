package io.millrace.web;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Violation;
import io.millrace.json.JsonBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes refusals as problem documents (RFC 9457), in an answer of their own or within a frame. */
public final class Problems {

    private Problems() {}

    /** @param instance the path that was asked for, if there was one */
    public static void write(JsonBuffer out, HubException problem, @Nullable String instance) {
        HubError error = problem.error();
        raw(out, "{\"type\":").string(ErrorPageController.PATH + "#" + error.code());
        raw(out, ",\"title\":").string(error.title());
        raw(out, ",\"status\":").number(HttpStatuses.of(error));
        raw(out, ",\"code\":").string(error.code());
        raw(out, ",\"retryable\":" + error.retryable());
        raw(out, ",\"detail\":").string(problem.detail());
        if (instance != null) {
            raw(out, ",\"instance\":").string(instance);
        }
        raw(out, ",\"kafka_error\":").string(error.kafkaError());
        for (Map.Entry<String, Object> member : problem.members().entrySet()) {
            out.ascii(',').string(member.getKey()).ascii(':');
            switch (member.getValue()) {
                case Number number -> raw(out, number.toString());
                case Boolean flag -> raw(out, flag.toString());
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
            raw(out, separator + "{\"pointer\":").string(violation.pointer());
            raw(out, ",\"code\":").string(violation.code());
            raw(out, ",\"detail\":").string(violation.detail()).ascii('}');
            separator = ",";
        }
        out.ascii(']');
    }

    private static JsonBuffer raw(JsonBuffer out, String text) {
        return out.raw(text.getBytes(StandardCharsets.US_ASCII));
    }
}
