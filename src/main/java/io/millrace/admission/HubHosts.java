package io.millrace.admission;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names by which clients may call this hub: those that always lead to the client's own machine (RFC 6761), the
 * addresses that the hub listens on, and those of a setting. Any other name may be one that a stranger controls and has
 * pointed at the hub, so that a browser takes the stranger's page for the hub's own (DNS rebinding).
 */
final class HubHosts {

    private static final String ANY = "*";
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+]");

    private final Set<String> names = new HashSet<>();
    private final List<String> suffixes;
    private final Predicate<InetAddress> listening;

    /**
     * @param configured names, {@code *.} and a name for all below it, or {@code *} for any
     * @param listening whether the hub listens on an address
     * @throws IllegalArgumentException for a setting that is not a name
     */
    HubHosts(List<String> configured, Predicate<InetAddress> listening) {
        for (String name : configured) {
            names.add(checked(name.strip().toLowerCase(Locale.ROOT)));
        }
        this.suffixes = names.stream()
                .filter(name -> name.startsWith("*."))
                .map(name -> name.substring(1))
                .toList();
        this.listening = listening;
    }

    private static String checked(String name) {
        if (!name.equals(ANY) && !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("millrace.http.hosts: '" + name
                    + "' is not a host name such as hub.example.org or *.example.org, without scheme and port");
        }
        return name;
    }

    /** @param local the address at which the client has reached the hub; null if that is unknown */
    boolean contains(HostHeader host, @Nullable InetAddress local) {
        String name = host.name();
        if (name.equals("localhost") || names.contains(name) || names.contains(ANY) || name.endsWith(".localhost")) {
            return true;
        }
        InetAddress address = address(name);
        if (address != null) {
            return address.isLoopbackAddress() || address.equals(local) || listening.test(address);
        }
        return suffixes.stream().anyMatch(suffix -> name.length() > suffix.length() && name.endsWith(suffix));
    }

    /** The address that the host is; null if it is a name. */
    private static @Nullable InetAddress address(String name) {
        boolean bracketed = name.startsWith("[");
        if (!bracketed && !IPV4.matcher(name).matches()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(bracketed ? name.substring(1, name.length() - 1) : name);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }
}
