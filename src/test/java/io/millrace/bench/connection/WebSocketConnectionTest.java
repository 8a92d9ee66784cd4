package io.millrace.bench.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WebSocketConnectionTest {

    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;

    private static final String DRAINING = "{\"type\":\"draining\"}";

    private final List<String> came = new ArrayList<>();

    @Test
    void theSubprotocolIsRequested() {
        assertThat(new Client(Subprotocol.JSON).handshake).contains("Sec-WebSocket-Protocol: hub.v1.json\r\n");
        assertThat(new Client(Subprotocol.BINARY).handshake).contains("Sec-WebSocket-Protocol: hub.v1.bin\r\n");
    }

    @Test
    void recordsAreTakenOnlyFromTheSubprotocolsKindOfFrames() {
        Client text = new Client(Subprotocol.JSON);
        text.receive(TEXT, "[1]");
        text.receive(TEXT, DRAINING);
        assertThat(came).containsExactly("records [1]", "other Draining[]");

        came.clear();
        Client binary = new Client(Subprotocol.BINARY);
        binary.receive(BINARY, "[1]");
        binary.receive(TEXT, DRAINING);
        assertThatThrownBy(() -> binary.receive(TEXT, "[1]")).hasMessage("the hub sent [1]");
        assertThat(came).containsExactly("records [1]", "other Draining[]");
    }

    @Test
    void anUnknownBinaryFrameEndsTheRun() {
        assertRefused(new Client(Subprotocol.JSON), "[1]");
        assertRefused(new Client(Subprotocol.BINARY), "{}");

        assertThat(came).isEmpty();
    }

    @Test
    void recordsAreSentInTheSubprotocolsKindOfFramesAndAllElseAsText() {
        Client text = new Client(Subprotocol.JSON);
        Client binary = new Client(Subprotocol.BINARY);

        assertThat(text.sent(() -> text.connection.sendRecords(new byte[3]))).isEqualTo(TEXT);
        assertThat(binary.sent(() -> binary.connection.sendRecords(new byte[3])))
                .isEqualTo(BINARY);
        assertThat(binary.sent(() -> binary.connection.send("{}"))).isEqualTo(TEXT);
    }

    private static void assertRefused(Client client, String frame) {
        assertThatThrownBy(() -> client.receive(BINARY, frame))
                .isInstanceOf(BenchException.class)
                .hasMessageStartingWith("the hub sent a binary frame that is not one of hub.v1.");
    }

    /** A connection in a channel without a network that takes arrays for records. */
    private final class Client {

        private final Run run = new Run();
        private final WebSocketConnection connection;
        private final EmbeddedChannel channel;
        private final String handshake;

        private Client(Subprotocol subprotocol) {
            connection = new WebSocketConnection(run, HubUrl.parse("http://localhost"), subprotocol) {
                @Override
                protected boolean take(ByteBuf frame) {
                    if (frame.getByte(frame.readerIndex()) != '[') {
                        return false;
                    }
                    came.add("records " + frame.toString(StandardCharsets.US_ASCII));
                    return true;
                }

                @Override
                protected void other(Frame frame) {
                    came.add("other " + frame);
                }
            };
            channel = new EmbeddedChannel(new HttpResponseDecoder(), connection);
            handshake = channel.<ByteBuf>readOutbound().toString(StandardCharsets.US_ASCII);
            Matcher key = Pattern.compile("Sec-WebSocket-Key: (\\S+)").matcher(handshake);
            assertThat(key.find()).isTrue();
            channel.writeInbound(Unpooled.copiedBuffer(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(key.group(1)) + "\r\n\r\n",
                    StandardCharsets.US_ASCII));
        }

        private static String accept(String key) {
            try {
                byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
                return Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        /** Receives a frame; throws the failure of the run, if any. */
        void receive(int kind, String content) {
            channel.writeInbound(Unpooled.buffer()
                    .writeByte(kind)
                    .writeByte(content.length())
                    .writeBytes(content.getBytes(StandardCharsets.US_ASCII)));
            run.check();
        }

        /** The first byte that this sends. */
        int sent(Runnable sending) {
            sending.run();
            return channel.<ByteBuf>readOutbound().readUnsignedByte();
        }
    }
}
