package io.millrace.verify.check;

/** A broken promise, in words that name the record, the request or the member. */
public record Violation(Promise promise, String text) {}
