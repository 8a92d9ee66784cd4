package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.millrace.testing.Hub;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A client that sends garbage, or goes away, cannot flood the log. */
class LogFloodIT {

    private static final int TIMES = 15;
    private static final String LONG = "x".repeat(7000);
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String UPGRADE =
            "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";

    private static Hub hub;
    private static HttpApi api;

    private final Lines lines = new Lines();

    @BeforeAll
    static void start() {
        hub = Hub.start();
        api = HttpApi.of(hub);
        api.topic("flights", 1);
    }

    @AfterAll
    static void stop() {
        api.close();
        hub.close();
    }

    @BeforeEach
    void listen() {
        lines.start();
        root().addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        root().detachAppender(lines);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static List<byte[]> hostile() {
        List<byte[]> requests = new ArrayList<>();
        Stream.of(
                        BadHttp.garbage(),
                        BadHttp.paths(),
                        BadHttp.bodies().limit(40),
                        BadRecords.envelopes().limit(20))
                .flatMap(table -> table)
                .forEach(bad -> requests.add(bad.bytes()));
        for (String text : List.of(
                "\u0000\u0001\u0002\u0003 garbage\r\n\r\n",
                "GET /" + LONG + " HTTP/1.1\r\nHost: evil.example\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + LONG + "\r\nX y: z\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: localhost\r\nX: " + LONG + "\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost:99999999999\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + LONG + "\r\nOrigin: " + LONG.substring(1000)
                        + "\r\n\r\n",
                "POST /v1/topics/flights/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "X: " + LONG + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + LONG,
                "POST /v1/topics/flights/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"val\r\nffffffffff\r\n",
                "POST /v1/topics/flights/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                        + "Content-Length: 10\r\n\r\nhal",
                UPGRADE + "\r\n",
                UPGRADE + "Sec-WebSocket-Version: 7\r\n" + KEY + "\r\n",
                UPGRADE + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + LONG + "\r\n\r\n",
                UPGRADE + "Sec-WebSocket-Version: 13\r\n" + KEY + "\r\n\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
                UPGRADE + "Sec-WebSocket-Version: 13\r\n" + KEY + "\r\n\u0081\u0005hallo",
                UPGRADE + "Sec-WebSocket-Version: 13\r\n" + KEY
                        + "\r\n\u0081\u0082\u0000\u0000\u0000\u0000\u00ff\u00fe",
                UPGRADE + "Sec-WebSocket-Version: 13\r\n" + KEY
                        + "\r\n\u0088\u0082\u0000\u0000\u0000\u0000\u0000\u0001",
                UPGRADE + "Sec-WebSocket-Version: 13\r\n" + KEY
                        + "\r\n\u0081\u00ff\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u0000\u0000\u0000\u0000")) {
            requests.add(BadRequest.latin1(text));
        }
        return requests;
    }

    @Test
    void garbageOfAllKindsCostsAFewLines() throws Exception {
        for (byte[] request : hostile()) {
            send(request, false);
            send(request, true);
        }
        api.get("/v1/limits").hasStatus(200);

        areFewAndShort();
    }

    @Test
    void manyRequestsCostNoMoreThanAFewLines() throws Exception {
        for (byte[] request : hostile().reversed().subList(0, 18)) {
            for (int i = 0; i < TIMES; i++) {
                send(request, i % 2 == 0);
            }
        }
        api.get("/v1/limits").hasStatus(200);

        areFewAndShort();
    }

    private void areFewAndShort() {
        assertThat(lines.all).hasSizeLessThanOrEqualTo(60).allSatisfy(line -> assertThat(line)
                .hasSizeLessThan(500)
                .doesNotContain(
                        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                                + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
        assertThat(lines.stackTraces).isEmpty();
    }

    private static void send(byte[] request, boolean reset) throws Exception {
        try (RawHttp connection = new RawHttp(hub)) {
            connection.send(request);
            if (reset) {
                connection.reset();
            } else {
                connection.endRequest();
            }
        } catch (java.net.SocketException gone) {
            // the hub has closed the connection
        }
    }

    /** Everything that is logged at INFO or above. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {

        private final List<String> all = new CopyOnWriteArrayList<>();
        private final List<String> stackTraces = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
                String line = event.getLoggerName() + ": " + event.getFormattedMessage();
                all.add(line);
                if (event.getThrowableProxy() != null) {
                    stackTraces.add(line + " " + event.getThrowableProxy().getMessage());
                }
            }
        }
    }
}
