package io.millrace.embeddedpostgres;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * The write-ahead log that makes a base copy consistent: that of one timeline from where the copy began to where it
 * ended. A pure function of what the server said.
 *
 * @param start the position of its first byte, such as {@code 0/2000028}
 * @param end the position after its last byte
 */
public record WalRange(int timeline, String start, String end) {

    private static final Pattern START =
            Pattern.compile("START WAL LOCATION: ([0-9A-F]+/[0-9A-F]+) \\(file ([0-9A-F]{8})[0-9A-F]{16}\\)");
    private static final Pattern POSITION = Pattern.compile("([0-9A-F]{1,8})/([0-9A-F]{1,8})");
    private static final int HEX = 16;

    static WalRange of(BaseCopy.Stopped copied) {
        Matcher start = START.matcher(copied.label());
        if (!start.find()) {
            throw new IllegalArgumentException("no start in " + copied.label());
        }
        return new WalRange(Integer.parseInt(start.group(2), HEX), start.group(1), copied.end());
    }

    /** The names of its files, in order (src/include/access/xlog_internal.h). */
    List<String> files(long fileBytes) {
        long filesInFourGigabytes = (1L << Integer.SIZE) / fileBytes;
        return LongStream.rangeClosed(position(start) / fileBytes, (position(end) - 1) / fileBytes)
                .mapToObj(number -> "%08X%08X%08X"
                        .formatted(timeline, number / filesInFourGigabytes, number % filesInFourGigabytes))
                .toList();
    }

    private static long position(String text) {
        Matcher halves = POSITION.matcher(text);
        if (!halves.matches()) {
            throw new IllegalArgumentException("not a position in the WAL: " + text);
        }
        return (Long.parseLong(halves.group(1), HEX) << Integer.SIZE) + Long.parseLong(halves.group(2), HEX);
    }
}
