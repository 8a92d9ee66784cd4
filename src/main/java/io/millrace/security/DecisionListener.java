package io.millrace.security;

/** Is told of every decision that {@link Access#check} has made. */
@FunctionalInterface
public interface DecisionListener {

    /** Must not block, and must not fail. */
    void decided(Caller caller, Permission permission, boolean allowed);
}
