package io.millrace.database;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Many rows as parameters of one statement: an array for each column, to be put together by {@code unnest}. */
public final class Columns {

    private Columns() {}

    /** What a row has in a column. */
    @FunctionalInterface
    public interface Value<E> {
        @Nullable
        Object of(E row);
    }

    /**
     * One column of the rows.
     *
     * @param array makes the array, whose type names that of PostgreSQL: {@code Integer[]::new} for {@code int[]}
     */
    public static <E> Object of(List<E> rows, Value<? super E> value, IntFunction<Object[]> array) {
        @Nullable Object[] column = array.apply(rows.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.of(rows.get(i));
        }
        return column;
    }
}
