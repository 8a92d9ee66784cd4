/**
 * Cursors: where a reader stands in many partitions, as a text that is short however many they are. The texts travel in
 * addresses and headers, which servers, proxies and browsers cut at 8 kB or less.
 *
 * <p>Few positions are written out. Of many, a cursor names a {@link io.millrace.cursor.Base}, a row with all positions
 * at some moment, and adds what differs from it. Any node finds the row again, so any node answers. A base that is
 * asked for or built upon is kept for {@code millrace.cursors.retention} from then on.
 */
@ApplicationModule(
        displayName = "cursor",
        allowedDependencies = {"background", "database", "event", "time"})
@NullMarked
package io.millrace.cursor;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
