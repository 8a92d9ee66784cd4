package io.millrace.event;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where in a request something is wrong, as data. Each protocol writes it in its own way: as a JSON pointer, the name
 * of a parameter, the index of a record in a batch.
 */
public sealed interface Place {

    /** The request as a whole. */
    Place WHOLE = new Field(List.of());

    /**
     * A field of the request.
     *
     * @param path names of fields and indexes of elements, from the outside in; empty for the request as a whole
     */
    record Field(List<String> path) implements Place {

        public Field {
            path = List.copyOf(path);
        }
    }

    /**
     * A record of the request.
     *
     * @param index from 0, in the order of the request
     * @param path names of fields and indexes of elements in the record, from the outside in; empty for the whole
     *     record
     */
    record OfRecord(long index, List<String> path) implements Place {

        public OfRecord {
            path = List.copyOf(path);
        }

        /** The same place in a record this many later. */
        public OfRecord after(long records) {
            return new OfRecord(index + records, path);
        }
    }

    /** A parameter of the query. */
    record Parameter(String name) implements Place {}

    /** A header of the request. */
    record Header(String name) implements Place {}

    /** A field by its name and, within it, names and indexes. */
    static Place field(String name, Object... within) {
        return new Field(append(List.of(name), within));
    }

    /** A record by its index and, within it, names and indexes. */
    static OfRecord record(long index, Object... within) {
        return new OfRecord(index, append(List.of(), within));
    }

    /** The place of a field or an element within this one; a parameter or header has none and stays the same. */
    default Place within(Object step) {
        return switch (this) {
            case Field field -> new Field(append(field.path(), step));
            case OfRecord record -> new OfRecord(record.index(), append(record.path(), step));
            case Parameter parameter -> parameter;
            case Header header -> header;
        };
    }

    private static List<String> append(List<String> outer, Object... steps) {
        return Stream.concat(outer.stream(), Arrays.stream(steps).map(Object::toString))
                .toList();
    }
}
