package io.millrace.bench.produce;

import io.millrace.bench.connection.BenchConnection;
import io.millrace.bench.format.Asciis;
import io.millrace.bench.format.Batch;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.codec.NewRecordWriter;
import io.millrace.event.NewRecord;
import java.util.Arrays;
import java.util.List;

/** Creates the connections for a production's protocol, and the template of its requests. */
final class ProducerConnections {

    private final HubUrl hub;
    private final Production production;

    ProducerConnections(HubUrl hub, Production production) {
        this.hub = hub;
        this.production = production;
    }

    /** The template of all requests, to the first of the topics, for a {@link Batch}. */
    byte[] request() {
        return switch (production.protocol()) {
            case HTTP -> http("application/json", NewRecordWriter.document(samples()));
            case NDJSON -> http("application/x-ndjson", NewRecordWriter.lines(samples()));
            case WEBSOCKET, WEBSOCKET_BINARY -> frame();
        };
    }

    private List<NewRecord> samples() {
        return production.shape().samples(production.batch());
    }

    /** A new connection, added to the loop. */
    BenchConnection connection(Run run, ProducerLoop loop) {
        return switch (production.protocol()) {
            case HTTP, NDJSON -> added(loop, new HttpProducer(run, loop));
            case WEBSOCKET, WEBSOCKET_BINARY ->
                added(
                        loop,
                        new WebSocketProducer(run, hub, production.protocol().subprotocol(), loop));
        };
    }

    private byte[] http(String contentType, byte[] body) {
        byte[] head = Asciis.bytes("POST " + hub.path() + "/v1/topics/"
                + production.topics().first() + "/records?acks=" + production.acks() + " HTTP/1.1\r\n"
                + hub.headers() + "Content-Type: " + contentType + "\r\nContent-Length: " + body.length
                + "\r\n\r\n");
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    private byte[] frame() {
        return production
                .protocol()
                .subprotocol()
                .request(
                        production.shape(),
                        production.topics().first(),
                        production.acks().level(),
                        production.batch());
    }

    private static <C extends BenchConnection & ProducerConnection> C added(ProducerLoop loop, C connection) {
        loop.add(connection);
        return connection;
    }
}
