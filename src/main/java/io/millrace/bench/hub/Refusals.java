package io.millrace.bench.hub;

import io.millrace.bench.run.BenchException;
import io.millrace.client.message.Frame;
import io.millrace.client.message.FrameParser;
import io.millrace.client.message.Problem;
import java.nio.charset.StandardCharsets;

/** A hub's refusals as the exceptions that end a run. */
public final class Refusals {

    private Refusals() {}

    /** @param what the request */
    public static BenchException of(String what, int status, byte[] body) {
        return new BenchException("the hub refused " + what + ": " + Problem.parse(status, body));
    }

    /** For an unexpected frame. */
    public static BenchException unexpected(Frame frame) {
        return switch (frame) {
            case Frame.Error error -> new BenchException("the hub refused: " + error.problem());
            case Frame.Draining _ -> new BenchException("the hub is shutting down");
            default -> new BenchException("the hub sent " + frame);
        };
    }

    /** Parses a frame, or the data of an event, that holds no records. */
    public static Frame parsed(byte[] json) {
        try {
            return FrameParser.text(json);
        } catch (RuntimeException other) {
            throw new BenchException("the hub sent " + new String(json, StandardCharsets.UTF_8), other);
        }
    }
}
