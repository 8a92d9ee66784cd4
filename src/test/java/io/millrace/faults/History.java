package io.millrace.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every request of a run. The outcome of a request without a recorded end is unknown. Thread-safe. */
final class History {

    private final Map<String, Request> requests = new LinkedHashMap<>();

    /** To be called before the first byte of the request is sent. */
    synchronized void sending(String id, List<Mark> records) {
        requests.put(id, new Request(id, List.copyOf(records), new Outcome.Unknown()));
    }

    synchronized void ended(String id, Outcome outcome) {
        requests.computeIfPresent(id, (_, sent) -> new Request(id, sent.records(), outcome));
    }

    synchronized List<Request> requests() {
        return new ArrayList<>(requests.values());
    }

    /** The number of requests with this outcome so far. */
    synchronized long count(Class<? extends Outcome> outcome) {
        return requests.values().stream()
                .filter(request -> outcome.isInstance(request.outcome()))
                .count();
    }
}
