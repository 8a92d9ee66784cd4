package io.millrace.database;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The driver's options for every connection of the hub: the pool's, the lanes' and the listener's, to a given database
 * and to the embedded one. They are added to the URL, where the driver looks first; options that a URL already has
 * stay.
 */
final class DriverOptions {

    private static final Map<String, String> OPTIONS = options();

    private DriverOptions() {}

    private static Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        // What operators see in pg_stat_activity and in the server's log.
        options.put("ApplicationName", "millrace");
        // Seconds: a host that drops packets must not delay the attempt at the next one.
        options.put("connectTimeout", "3");
        // Seconds. Longer than any statement of the hub takes on a healthy server, short enough that a silent server is
        // given up while the client still waits for its answer.
        options.put("socketTimeout", "5");
        // Firewalls drop idle connections, such as the one that waits for notifications.
        options.put("tcpKeepAlive", "true");
        // From the first execution on: without a prepared statement, bytea results arrive as hexadecimal text.
        options.put("prepareThreshold", "1");
        // Of several hosts, the one that accepts writes.
        options.put("targetServerType", "primary");
        // Seconds: how long the driver remembers which host was the primary. It bounds what a failover costs.
        options.put("hostRecheckSeconds", "2");
        return options;
    }

    /**
     * The URL of a pool of connections to standbys: any of the hosts that is one, each in turn, and given up soon,
     * since the primary has the same records.
     */
    static String forFollowers(String jdbcUrl) {
        String options = jdbcUrl.replaceAll("(?<=[?&])(targetServerType|loadBalanceHosts|socketTimeout)=[^&]*&?", "")
                .replaceAll("[?&]$", "");
        return addTo(options
                + (options.indexOf('?') < 0 ? "?" : "&")
                + "targetServerType=secondary&loadBalanceHosts=true&socketTimeout=2");
    }

    /** The URL, with the options added that it does not set. */
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
