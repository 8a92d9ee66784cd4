package io.millrace.apidocs;

/**
 * Marks the records that describe what clients send. In the OpenAPI document their nullable fields may be left out as
 * well, whereas answers have theirs.
 */
public interface SentByClient {}
