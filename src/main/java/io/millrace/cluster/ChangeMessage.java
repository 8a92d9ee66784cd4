package io.millrace.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node tells the others: {@code node;kind;id:version,id:version…}, in ASCII.
 *
 * @param node the sender's name
 * @param kind of the things that have changed, see {@link ChangeSubscriber#kind}
 * @param versions by the numbers of the things
 */
record ChangeMessage(String node, String kind, Map<Integer, Long> versions) {

    /** The sender of what a trigger notifies of: no node. */
    static final String SQL = "sql";

    /** An int, a colon, a long and a comma. */
    static final int LONGEST_CHANGE_BYTES = 33;

    String payload() {
        StringBuilder payload = new StringBuilder(node).append(';').append(kind).append(';');
        versions.forEach(
                (id, version) -> payload.append(id).append(':').append(version).append(','));
        return payload.toString();
    }

    /** Null if it is not a message of this form: any role that may log in can send notifications. */
    static @Nullable ChangeMessage parse(String payload) {
        String[] parts = payload.split(";", -1);
        if (parts.length != 3 || parts[0].isEmpty()) {
            return null;
        }
        Map<Integer, Long> versions = new LinkedHashMap<>();
        try {
            for (String change : parts[2].split(",")) {
                int colon = change.indexOf(':');
                if (colon < 0) {
                    return null;
                }
                versions.put(
                        Integer.parseInt(change, 0, colon, 10), Long.parseLong(change, colon + 1, change.length(), 10));
            }
        } catch (NumberFormatException unreadable) {
            return null;
        }
        return new ChangeMessage(parts[0], parts[1], versions);
    }
}
