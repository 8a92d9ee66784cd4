import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/** Follows a topic from its beginning over WebSocket and prints each frame: java examples/Follow.java URL TOPIC. */
class Follow implements WebSocket.Listener {

    private final CountDownLatch end = new CountDownLatch(1);

    public static void main(String[] arguments) throws Exception {
        Follow follow = new Follow();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("hub.v1.json")
                .buildAsync(URI.create(arguments[0]), follow)
                .join();
        // Credits are the records that the hub may send; {"type":"permit","id":"s1","records":…} gives more of them.
        socket.sendText(
                        "{\"type\":\"subscribe\",\"id\":\"s1\",\"topics\":[\"" + arguments[1]
                                + "\"],\"from\":\"earliest\",\"credits\":1000000}",
                        true)
                .join();
        follow.end.await();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
        System.out.print(last ? text + "\n" : text);
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        System.out.println("closed: " + status + " " + reason);
        end.countDown();
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
        System.out.println("failed: " + failure);
        end.countDown();
    }
}
