package io.millrace.apidocs;

/**
 * Marks the records that describe what clients send. Members of them that may be null may be left out as well, whereas
 * an answer has all its members; so says the OpenAPI document.
 */
public interface SentByClient {}
