package io.millrace.bench.produce;

import io.millrace.bench.connection.BenchConnection;
import io.millrace.bench.content.RecordShape;
import io.millrace.bench.format.RequestFormat;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;

/** Opens a production's connections by its protocol, and knows how its requests are written. */
final class ProducerConnections {

    private final HubUrl hub;
    private final Production production;

    ProducerConnections(HubUrl hub, Production production) {
        this.hub = hub;
        this.production = production;
    }

    /** How its requests are written. */
    RequestFormat format() {
        return switch (production.protocol()) {
            case HTTP -> http("application/json", "{\"records\":[", ",", "]}");
            case NDJSON -> http("application/x-ndjson", "", "\n", "\n");
            case WEBSOCKET, WEBSOCKET_BINARY -> frame();
        };
    }

    /** A connection that is one of the loop's. */
    BenchConnection connection(Run run, ProducerLoop loop) {
        return switch (production.protocol()) {
            case HTTP, NDJSON -> added(loop, new HttpProducer(run, loop));
            case WEBSOCKET, WEBSOCKET_BINARY ->
                added(
                        loop,
                        new WebSocketProducer(run, hub, production.protocol().subprotocol(), loop));
        };
    }

    private RequestFormat http(String contentType, String opening, String separator, String closing) {
        RecordShape shape = production.shape();
        int length = RequestFormat.json(shape, opening, separator, closing).length(shape, production.batch());
        String head = "POST " + hub.path() + "/v1/topics/" + production.topics().first() + "/records?acks="
                + production.acks()
                + " HTTP/1.1\r\nHost: " + hub.authority() + "\r\nContent-Type: " + contentType
                + "\r\nContent-Length: " + length + "\r\n\r\n";
        return RequestFormat.json(shape, head + opening, separator, closing);
    }

    private RequestFormat frame() {
        return production
                .protocol()
                .subprotocol()
                .request(
                        production.shape(),
                        production.topics().first(),
                        production.acks().toString(),
                        production.batch());
    }

    private static <C extends BenchConnection & ProducerConnection> C added(ProducerLoop loop, C connection) {
        loop.add(connection);
        return connection;
    }
}
