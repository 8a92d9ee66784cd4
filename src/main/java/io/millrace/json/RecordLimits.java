package io.millrace.json;

/**
 * What one request may hold.
 *
 * @param maxRecordBytes bytes of a record's key, value and headers together
 * @param maxRecords records in one request
 * @param maxHeaders headers of one record
 */
public record RecordLimits(int maxRecordBytes, int maxRecords, int maxHeaders) {}
