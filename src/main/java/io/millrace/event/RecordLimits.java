package io.millrace.event;

import java.util.List;

/**
 * The limits of one request.
 *
 * @param maxRecordBytes the most bytes of a record's key, value and headers together
 * @param maxRecords the most records in one request
 * @param maxHeaders the most headers of one record
 * @param keyRequired whether each record needs a key: the topic is compacted, and would keep one without for ever
 */
public record RecordLimits(int maxRecordBytes, int maxRecords, int maxHeaders, boolean keyRequired) {

    /** For records that need no key. */
    public RecordLimits(int maxRecordBytes, int maxRecords, int maxHeaders) {
        this(maxRecordBytes, maxRecords, maxHeaders, false);
    }

    /** The same, whether records need keys or not. */
    public RecordLimits requiringKeys(boolean required) {
        return new RecordLimits(maxRecordBytes, maxRecords, maxHeaders, required);
    }

    /** Makes the refusal; parsers add the place that they have reached. */
    @FunctionalInterface
    public interface Refusal {
        HubException of(HubError error, String code, String detail);
    }

    /** Refuses a request with too many records. */
    public void checkCount(int records, Refusal refusal) {
        if (records > maxRecords) {
            throw refusal.of(
                    HubError.REQUEST_TOO_LARGE,
                    "too_many_records",
                    "a request may have at most " + maxRecords + " records");
        }
    }

    /** Refuses the first record that is too large, with its place. */
    public void checkSizes(List<NewRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).size() > maxRecordBytes) {
                checkSize(records.get(i), Place.record(i));
            }
        }
    }

    /** Refuses the first record that lacks a key, with its place. */
    public void checkKeys(List<NewRecord> records) {
        if (keyRequired) {
            for (int i = 0; i < records.size(); i++) {
                checkKey(records.get(i), Place.record(i, "key"));
            }
        }
    }

    /** Refuses a record that lacks a key. */
    public void checkKey(NewRecord record, Place place) {
        if (keyRequired && record.key() == null) {
            throw new HubException(
                    HubError.INVALID_RECORD,
                    place,
                    "key_required",
                    "the topic is compacted: each of its records needs a key");
        }
    }

    /** Refuses a record that is too large, with its place. */
    public void checkSize(NewRecord record, Place place) {
        checkSize(record, (error, code, detail) -> new HubException(error, place, code, detail));
    }

    /** Refuses a record that is too large. */
    public void checkSize(NewRecord record, Refusal refusal) {
        if (record.size() > maxRecordBytes) {
            throw refusal.of(
                    HubError.RECORD_TOO_LARGE,
                    "record_too_large",
                    "the record has " + record.size() + " bytes, at most " + maxRecordBytes + " are allowed");
        }
    }
}
