package io.millrace.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;

/** No answer came, or one that is not a hub's. The cause is the network's failure, if there is one. */
public final class NoAnswerException extends IOException {

    /** What is known about the request. */
    public enum Fate {
        /** There was no connection: the request was not carried out. */
        NOT_SENT,
        /** The connection ended before the answer: it may have been carried out. */
        CUT_OFF,
        /** The answer did not come in time: it may have been carried out, or still be. */
        TIMED_OUT,
        /** The answer is not a hub's. */
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
        return new NoAnswerException(Fate.NOT_UNDERSTOOD, what + ": the answer is not a hub's", cause);
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

    /** Whether the hub may have carried out the request. */
    public boolean mayBeCarriedOut() {
        return fate != Fate.NOT_SENT;
    }
}
