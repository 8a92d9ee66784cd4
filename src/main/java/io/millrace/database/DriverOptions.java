package io.millrace.database;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The driver's options for every connection of the hub: those of the pool, of the lanes and of the listener, to a given
 * database and to the embedded one. They are part of the URL, which is where the driver looks first; what a URL says
 * itself stays as it is.
 */
final class DriverOptions {

    private static final Map<String, String> OPTIONS = options();

    private DriverOptions() {}

    private static Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        // What operators see in pg_stat_activity and in the server's log.
        options.put("ApplicationName", "millrace");
        // Seconds: a host that swallows packets must not hold up the attempt at the next one.
        options.put("connectTimeout", "3");
        // Seconds, longer than any statement of the hub takes on a server that is well: ends the wait for one that has
        // fallen silent while somebody still waits for the answer.
        options.put("socketTimeout", "5");
        // Firewalls forget connections that are idle, such as the one that waits for notifications.
        options.put("tcpKeepAlive", "true");
        // From the first execution on: until then bytea results travel as hexadecimal text.
        options.put("prepareThreshold", "1");
        // Of several hosts, the one that takes writes.
        options.put("targetServerType", "primary");
        // Seconds: how long the driver remembers which host was the primary. It bounds what a failover costs.
        options.put("hostRecheckSeconds", "2");
        return options;
    }

    /** The URL with those options that it does not set. */
    static String addTo(String jdbcUrl) {
        int query = jdbcUrl.indexOf('?');
        String present = query < 0 ? "" : "&" + jdbcUrl.substring(query + 1);
        StringJoiner missing = new StringJoiner("&");
        OPTIONS.forEach((name, value) -> {
            if (!present.contains("&" + name + "=")) {
                missing.add(name + "=" + value);
            }
        });
        if (missing.length() == 0) {
            return jdbcUrl;
        }
        String separator = query < 0 ? "?" : present.endsWith("&") ? "" : "&";
        return jdbcUrl + separator + missing;
    }
}
