package io.millrace.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;

/** No answer of a hub came, or what came is none. The cause is what the network said of it, if it did. */
public final class NoAnswerException extends IOException {

    /** What is known of the request. */
    public enum Fate {
        /** There was no connection: it was not carried out. */
        NOT_SENT,
        /** The connection ended before the answer: it may have been carried out. */
        CUT_OFF,
        /** The answer did not come in time: it may have been carried out, or be so yet. */
        TIMED_OUT,
        /** What came is not the answer of a hub. */
        NOT_UNDERSTOOD
    }

    private static final long serialVersionUID = 1L;

    private final Fate fate;

    NoAnswerException(Fate fate, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.fate = fate;
    }

    static NoAnswerException of(HubUrl hub, IOException failure) {
        String reason = failure.getMessage() == null ? "it does not answer" : failure.getMessage();
        return new NoAnswerException(fate(failure), "no hub at " + hub + ": " + reason, failure);
    }

    static NoAnswerException notUnderstood(String what, Throwable cause) {
        return new NoAnswerException(Fate.NOT_UNDERSTOOD, what + " is not answered as a hub does", cause);
    }

    private static Fate fate(IOException failure) {
        return switch (failure) {
            case ConnectException _, HttpConnectTimeoutException _ -> Fate.NOT_SENT;
            case HttpTimeoutException _ -> Fate.TIMED_OUT;
            default -> Fate.CUT_OFF;
        };
    }

    public Fate fate() {
        return fate;
    }

    /** Whether the hub may have done what it was asked to. */
    public boolean mayBeCarriedOut() {
        return fate != Fate.NOT_SENT;
    }
}
