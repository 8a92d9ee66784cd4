package io.millrace.database;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Many rows as parameters of one statement: an array for each column, which {@code unnest} combines. */
public final class Columns {

    private Columns() {}

    /** The value of a row in a column. */
    @FunctionalInterface
    public interface Value<E> {
        @Nullable
        Object of(E row);
    }

    /**
     * One column of the rows.
     *
     * @param array creates the array, whose type determines PostgreSQL's: {@code Integer[]::new} for {@code int[]}
     */
    public static <E> Object of(List<E> rows, Value<? super E> value, IntFunction<Object[]> array) {
        @Nullable Object[] column = array.apply(rows.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.of(rows.get(i));
        }
        return column;
    }
}
