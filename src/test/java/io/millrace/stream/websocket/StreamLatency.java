package io.millrace.stream.websocket;

import io.millrace.testing.Hub;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long a record takes from a producer's call to a subscriber, both WebSocket clients in this process, at a
 * steady rate and with a commit for each record. Run {@code main} by hand, with the records per second.
 */
final class StreamLatency {

    private static final int WARM_UP = 40_000;
    private static final int MEASURED = 20_000;

    private final long[] sent = new long[WARM_UP + MEASURED];
    private final long[] received = new long[WARM_UP + MEASURED];
    private final long[] answered = new long[WARM_UP + MEASURED];
    private final CountDownLatch left = new CountDownLatch(2 * (WARM_UP + MEASURED));

    private StreamLatency() {}

    static void main(String[] arguments) throws Exception {
        long rate = arguments.length == 0 ? 1000 : Long.parseLong(arguments[0]);
        try (Hub hub = Hub.start()) {
            hub.createTopic("latency", 1);
            new StreamLatency().measure(hub, rate);
        }
        System.exit(0);
    }

    private void measure(Hub hub, long rate) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        WebSocket subscriber = http.newWebSocketBuilder()
                .buildAsync(hub.ws("/v1/ws"), new Listener("\"value\":", received))
                .join();
        subscriber.sendText(
                "{\"type\":\"subscribe\",\"id\":\"s\",\"topics\":[\"latency\"],\"credits\":1000000000}", true);
        WebSocket producer = http.newWebSocketBuilder()
                .buildAsync(hub.ws("/v1/ws"), new Listener("\"ref\":\"", answered))
                .join();
        TimeUnit.SECONDS.sleep(1);
        long interval = 1_000_000_000L / rate;
        long due = System.nanoTime();
        for (int i = 0; i < sent.length; i++) {
            due += interval;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            sent[i] = System.nanoTime();
            producer.sendText(
                            "{\"type\":\"produce\",\"ref\":\"" + i + "\",\"topic\":\"latency\",\"records\":[{\"value\":"
                                    + i + "}]}",
                            true)
                    .join();
        }
        System.out.println("all received: " + left.await(30, TimeUnit.SECONDS));
        report("produce to receipt", received);
        report("produce to answer ", answered);
    }

    private void report(String what, long[] times) {
        long[] micros = new long[MEASURED];
        for (int i = 0; i < MEASURED; i++) {
            micros[i] = (times[WARM_UP + i] - sent[WARM_UP + i]) / 1000;
        }
        Arrays.sort(micros);
        System.out.printf(
                "%s: p50 %d us, p90 %d us, p99 %d us, max %d us%n",
                what,
                micros[MEASURED / 2],
                micros[MEASURED * 9 / 10],
                micros[MEASURED * 99 / 100],
                micros[MEASURED - 1]);
    }

    /** Notes the arrival time of each number after the marker. */
    private final class Listener implements WebSocket.Listener {

        private final String marker;
        private final long[] times;
        private final StringBuilder text = new StringBuilder();

        Listener(String marker, long[] times) {
            this.marker = marker;
            this.times = times;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            System.out.println("failed: " + error);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                long now = System.nanoTime();
                for (int at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1)) {
                    int start = at + marker.length();
                    int end = start;
                    while (Character.isDigit(text.charAt(end))) {
                        end++;
                    }
                    times[Integer.parseInt(text, start, end, 10)] = now;
                    left.countDown();
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
