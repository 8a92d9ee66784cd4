package io.millrace.edge;

import io.millrace.database.StorageFailures;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/** Turns what handlers throw, including the frameworks' refusals, into errors of the hub's catalogue. */
public final class Failures {

    private static final int MAX_DETAIL = 300;

    private Failures() {}

    /** The refusal that clients see; its cause is for the log. */
    public static HubException of(Throwable failure) {
        return switch (failure) {
            case HubException known -> known;
            case CompletionException wrapper when wrapper.getCause() != null -> of(wrapper.getCause());
            case DataBufferLimitException tooLarge ->
                new HubException(HubError.REQUEST_TOO_LARGE, "the body is larger than this resource accepts");
            case MethodNotAllowedException method ->
                new HubException(
                        HubError.METHOD_NOT_ALLOWED,
                        "allowed here: "
                                + method.getSupportedMethods().stream()
                                        .map(Object::toString)
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
            case NotAcceptableStatusException type ->
                new HubException(
                        HubError.NOT_ACCEPTABLE, "this resource is available as " + type.getSupportedMediaTypes());
            case UnsupportedMediaTypeStatusException type ->
                new HubException(
                        HubError.UNSUPPORTED_MEDIA_TYPE, "this resource accepts " + type.getSupportedMediaTypes());
            case ServerWebInputException input -> ofInput(input);
            case ResponseStatusException status -> ofStatus(status);
            default -> ofOther(failure);
        };
    }

    private static HubException ofOther(Throwable failure) {
        return StorageFailures.unavailable(failure)
                ? StorageFailures.refusal(failure)
                : new HubException(HubError.INTERNAL, "the hub failed; its log says why").causedBy(failure);
    }

    private static HubException ofStatus(ResponseStatusException status) {
        if (status.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND)) {
            return new HubException(HubError.NOT_FOUND, "nothing is served at this path");
        }
        if (status.getStatusCode().is4xxClientError()) {
            return new HubException(HubError.INVALID_REQUEST, shortened(status.getReason()));
        }
        return new HubException(HubError.INTERNAL, "the hub failed; its log says why").causedBy(status);
    }

    private static HubException ofInput(ServerWebInputException input) {
        if (input.getMethodParameter() != null
                && input.getCause() instanceof org.springframework.beans.TypeMismatchException) {
            String name = String.valueOf(input.getMethodParameter().getParameterName());
            String detail = name + " is not of the required type";
            return new HubException(HubError.INVALID_REQUEST, new Place.Parameter(name), "wrong_type", detail);
        }
        return ofCause(input, shortened(input.getReason()));
    }

    private static HubException ofCause(Throwable failure, String detail) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataBufferLimitException || cause instanceof HubException) {
                return of(cause);
            }
        }
        return new HubException(HubError.INVALID_REQUEST, detail);
    }

    private static String shortened(@Nullable String text) {
        String known = text == null ? "the request is not valid" : text;
        return known.length() <= MAX_DETAIL ? known : known.substring(0, MAX_DETAIL);
    }
}
