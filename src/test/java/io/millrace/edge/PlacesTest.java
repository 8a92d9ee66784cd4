package io.millrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Place;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlacesTest {

    static Stream<Arguments> places() {
        return Stream.of(
                Arguments.of(Place.WHOLE, "#"),
                Arguments.of(Place.field("topics"), "#/topics"),
                Arguments.of(Place.field("offsets", 3, "next_offset"), "#/offsets/3/next_offset"),
                Arguments.of(Place.WHOLE.within("config").within("a"), "#/config/a"),
                Arguments.of(Place.record(3), "#/records/3"),
                Arguments.of(Place.record(3, "headers", 0, "name"), "#/records/3/headers/0/name"),
                Arguments.of(Place.record(3, "value").after(4_000_000_000L), "#/records/4000000003/value"),
                Arguments.of(Place.record(3).within("value"), "#/records/3/value"),
                Arguments.of(new Place.Parameter("from"), "?from"),
                Arguments.of(new Place.Parameter("a b"), "?a%20b"),
                Arguments.of(new Place.Parameter("from").within("x"), "?from"),
                Arguments.of(new Place.Header("Hub-Key"), "Hub-Key"),
                Arguments.of(Place.field("a/b~c d\u00e9"), "#/a~1b~0c%20d%C3%A9"),
                Arguments.of(Place.field("x".repeat(100)), "#/" + "x".repeat(64)),
                Arguments.of(Place.field("x".repeat(63) + "\ud83d\ude00"), "#/" + "x".repeat(63)));
    }

    @ParameterizedTest
    @MethodSource("places")
    void aPlaceIsAPointerAParameterOrAHeader(Place place, String text) {
        assertThat(Places.text(place)).isEqualTo(text);
    }
}
