package io.millrace.event;

import java.util.List;

/**
 * The limits of one request.
 *
 * @param maxRecordBytes the most bytes of a record's key, value and headers together
 * @param maxRecords the most records in one request
 * @param maxHeaders the most headers of one record
 */
public record RecordLimits(int maxRecordBytes, int maxRecords, int maxHeaders) {

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
