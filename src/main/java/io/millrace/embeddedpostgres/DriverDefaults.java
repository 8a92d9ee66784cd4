package io.millrace.embeddedpostgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The driver's options for every connection of the hub, pooled or not. They are part of the URL, so that whoever opens
 * a connection gets them; what a URL says itself stays as it is.
 */
public final class DriverDefaults {

    private static final Map<String, String> OPTIONS = options();

    private DriverDefaults() {}

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
        // Seconds: after a failover, how long a host is still taken for what it was.
        options.put("hostRecheckSeconds", "2");
        return options;
    }

    /** The URL with those options that it does not set. */
    public static String addTo(String jdbcUrl) {
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
