package io.millrace.faults;

import io.millrace.verify.load.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * The flights of the examples, keyed by the airport of origin. Each airport belongs to one producer, which sends its
 * flights in the order of the file; those that were not stored are sent again.
 */
final class FlightLoad implements Load {

    static final int FLIGHTS = 20_000;

    /** Each request takes a share of the remaining flights, so that they last for the whole test. */
    private static final int SHARE = 2_000;

    private static final int MOST = 500;

    private final Deque<Draft> left = new ArrayDeque<>();

    private FlightLoad() {}

    static List<FlightLoad> among(int producers) throws IOException {
        List<FlightLoad> loads = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            loads.add(new FlightLoad());
        }
        JsonMapper json = new JsonMapper();
        for (String flight : Files.readAllLines(Path.of("examples", "flights.ndjson"))) {
            String origin = json.readTree(flight).get("origin").asString();
            loads.get(Math.floorMod(origin.hashCode(), producers)).left.add(new Draft(origin, ",\"flight\":" + flight));
        }
        return loads;
    }

    @Override
    public List<Draft> next(boolean last) {
        List<Draft> drafts = new ArrayList<>();
        int count = last ? MOST : 1 + left.size() / SHARE;
        while (drafts.size() < count && !left.isEmpty()) {
            drafts.add(left.removeFirst());
        }
        return drafts;
    }

    @Override
    public void refused(List<Draft> drafts) {
        drafts.reversed().forEach(left::addFirst);
    }
}
