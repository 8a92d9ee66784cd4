package io.millrace.verify.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every request of a run. The outcome of a request without a recorded end is unknown. Thread-safe. */
public final class History {

    private final Map<String, Request> requests = new LinkedHashMap<>();
    private long records;

    /** To be called before the first byte of the request is sent. */
    public synchronized void sending(String id, List<Mark> marks) {
        requests.put(id, new Request(id, List.copyOf(marks), new Outcome.Unknown()));
        records += marks.size();
    }

    public synchronized void ended(String id, Outcome outcome) {
        requests.computeIfPresent(id, (_, sent) -> new Request(id, sent.records(), outcome));
    }

    public synchronized List<Request> requests() {
        return new ArrayList<>(requests.values());
    }

    /** The number of records that were sent so far. */
    public synchronized long records() {
        return records;
    }

    /** The number of requests with this outcome so far. */
    public synchronized long count(Class<? extends Outcome> outcome) {
        return requests.values().stream()
                .filter(request -> outcome.isInstance(request.outcome()))
                .count();
    }

    /** The sent record that equals the given one, which was read; the given one if there is none. */
    synchronized Mark shared(Mark read) {
        Request request = requests.get(read.request());
        return request == null ? read : request.shared(read);
    }
}
