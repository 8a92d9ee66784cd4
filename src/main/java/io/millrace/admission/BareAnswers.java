package io.millrace.admission;

import io.millrace.edge.HttpStatuses;
import io.millrace.edge.Problems;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.json.JsonBuffer;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** Answers that are made before any protocol's handler. */
final class BareAnswers {

    private BareAnswers() {}

    /** @param instance the path of the request; null if it could not be read */
    static FullHttpResponse problem(HubException problem, @Nullable String instance) {
        JsonBuffer json = new JsonBuffer(512);
        Problems.write(json, problem, instance);
        FullHttpResponse answer =
                answer(HttpResponseStatus.valueOf(HttpStatuses.of(problem.error())), json.toByteArray());
        answer.headers().set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, json.length());
        return answer;
    }

    static FullHttpResponse empty() {
        return answer(HttpResponseStatus.NO_CONTENT, new byte[0]);
    }

    private static FullHttpResponse answer(HttpResponseStatus status, byte[] body) {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    }

    /** The error of a request that the codec could not read. */
    static HubException unreadable(Throwable cause) {
        return cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException
                ? new HubException(HubError.REQUEST_TOO_LARGE, "the request line or the headers are too long")
                : malformed();
    }

    private static HubException malformed() {
        return new HubException(HubError.INVALID_REQUEST, "the request line or a header is not valid");
    }

    /**
     * A problem document in place of the empty answer that a library has given.
     *
     * @return null if the answer may stay as it is
     */
    static @Nullable FullHttpResponse instead(FullHttpResponse bare) {
        if (bare.content().isReadable() || bare.headers().contains(HttpHeaderNames.CONTENT_TYPE)) {
            return null;
        }
        HubException problem =
                switch (bare.status().code()) {
                    case 400 -> malformed();
                    case 413, 414, 431 ->
                        new HubException(HubError.REQUEST_TOO_LARGE, "the request line or the headers are too long");
                    default -> null;
                };
        if (problem == null) {
            return null;
        }
        FullHttpResponse document = problem(problem, null);
        String connection = bare.headers().get(HttpHeaderNames.CONNECTION);
        if (connection != null) {
            document.headers().set(HttpHeaderNames.CONNECTION, connection);
        }
        return document;
    }
}
