package io.millrace.admission;

import static io.millrace.fuzz.Bounded.check;

import io.millrace.fuzz.Bounded;
import io.millrace.fuzz.FuzzTarget;
import io.millrace.json.JsonTexts;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Heads of requests to a hub at 192.0.2.7: only those that name it are admitted, and only from its own pages. */
public final class AdmissionFuzz implements FuzzTarget {

    /** The hub's names by another rule than the hub's: its own, and loopback, with a port or without. */
    private static final Pattern OWN = Pattern.compile(
            "(?:(?:[^/?#@:\\[\\]]+\\.)?localhost\\.?|127(?:\\.[0-9]{1,3}){3}|192\\.0\\.2\\.7|hub\\.example\\.org\\.?"
                + "|[^/?#@:\\[\\]]+\\.hubs\\.example\\.?|\\[[0:]*(?::0*1|(?:ffff:)?[0:.]*127\\.[0-9.]+|:ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})]"
                + "|\\.localhost\\.?)(?::[0-9]{0,5})?");

    private static final HubHosts HOSTS = new HubHosts(List.of("hub.example.org", "*.hubs.example"), _ -> false);
    private static final AdmissionRules RULES = new AdmissionRules(HOSTS, new AllowedOrigins(List.of()));
    private static final InetAddress LOCAL = InetAddress.ofLiteral("192.0.2.7");

    /** Target, host, origin, referrer, and what a browser says about the site. */
    @Override
    public Stream<byte[]> seeds() {
        return Stream.of(
                        "/v1/topics?limit=1\nlocalhost:8080\nhttp://localhost:8080",
                        "http://127.0.0.1:8080/v1/topics?a=://b\nevil.example",
                        "/v1/groups/g/stream\n[::1]:8080\n\nhttp://[::1]:8080/swagger-ui/",
                        "/docs/errors#a\nHUB.example.org.\n\n\ncross-site",
                        "*\neu.hubs.example:1\nnull",
                        "/\n[::ffff:127.0.0.1]\nhttps://[::ffff:127.0.0.1]",
                        "a://?\n1.2.3.999\nx")
                .map(JsonTexts::utf8);
    }

    @Override
    public void run(byte[] input) {
        // As Netty decodes a head.
        String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", 5);
        String target = lines[0];
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        String[] names = {"", "host", "origin", "referer", "sec-fetch-site"};
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].isEmpty()) {
                headers.add(names[i], lines[i]);
            }
        }
        headers.add("user-agent", "Mozilla/5.0");
        DefaultHttpRequest request = request(target, headers);
        if (request == null) {
            return;
        }
        boolean admitted = Bounded.run(input, () -> new Admission(RULES, LOCAL).admit(request))
                .accepted();
        if (admitted) {
            String authority = Targets.authority(target);
            String host = authority == null ? headers.get("host") : authority;
            check(host != null && OWN.matcher(host.toLowerCase(Locale.ROOT)).matches(), "a host is the hub's");
            String origin = headers.get("origin");
            check(
                    origin == null || origin.replaceFirst("^https?://", "").equalsIgnoreCase(host),
                    "an origin is the hub's");
            check(
                    origin != null
                            || headers.contains("sec-fetch-site")
                            || headers.get("referer", "")
                                    .toLowerCase(Locale.ROOT)
                                    .contains(host.toLowerCase(Locale.ROOT)),
                    "a silent browser's request has no effect");
        }
        Bounded.run(input, () -> Targets.path(target) + Targets.isPage(Targets.path(target)));
    }

    /** Null for a target that Netty refuses. */
    private static @Nullable DefaultHttpRequest request(String target, HttpHeaders headers) {
        try {
            return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, target, headers);
        } catch (IllegalArgumentException refused) {
            return null;
        }
    }
}
