package io.millrace.edge;

import java.util.function.BiConsumer;

/** The limits of one protocol, which {@code GET /v1/limits} states along with the others. */
@FunctionalInterface
public interface StatedLimits {

    /** @param limit takes a name in snake_case with its unit, and a number or a boolean */
    void state(BiConsumer<String, Object> limit);
}
