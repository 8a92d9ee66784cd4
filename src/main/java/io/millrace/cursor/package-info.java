/**
 * Cursors: a reader's positions in many partitions, as a text that is short however many they are. The texts travel in
 * URLs and headers, which servers, proxies and browsers limit to 8 kB or less.
 *
 * <p>A few positions are written in full. For many, a cursor names a {@link io.millrace.cursor.Base}, a row with all
 * positions at some moment, and adds the differences from it. Any node finds the row, so any node can answer. A base is
 * kept for at least {@code millrace.cursors.retention} after it was last asked for or built upon, as long as all bases
 * together have at most {@code millrace.cursors.max-stored}.
 */
@ApplicationModule(
        displayName = "cursor",
        allowedDependencies = {"background", "database", "event", "time"})
@NullMarked
package io.millrace.cursor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
