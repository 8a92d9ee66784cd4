package io.millrace.security;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import org.jspecify.annotations.Nullable;

/** Recognises callers by what they present. Safe for any thread. */
public interface Authentication {

    /** All callers are {@link Caller#ANYONE}, whatever they present. */
    Authentication NONE = new Authentication() {

        @Override
        public Caller known(Credentials credentials) {
            return Caller.ANYONE;
        }

        @Override
        public Caller require(Credentials credentials) {
            return Caller.ANYONE;
        }
    };

    /**
     * The caller, if this node knows it without asking anybody. Never blocks.
     *
     * @return null if {@link #require} has to be asked
     * @throws HubException {@link HubError#UNAUTHENTICATED} if the credentials are certainly wrong
     */
    @Nullable
    Caller known(Credentials credentials);

    /**
     * The caller. May block, to ask the database or the identity provider.
     *
     * @throws HubException {@link HubError#UNAUTHENTICATED}, {@link HubError#STORAGE_UNAVAILABLE},
     *     {@link HubError#OVERLOADED}
     */
    Caller require(Credentials credentials);
}
