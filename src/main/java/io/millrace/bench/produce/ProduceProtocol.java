package io.millrace.bench.produce;

import io.millrace.bench.connection.BenchConnection;
import io.millrace.bench.content.RecordShape;
import io.millrace.bench.format.RequestFormat;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.hub.HubUrl;
import io.millrace.bench.run.Run;
import java.util.Locale;

/** How records get to the hub. Another protocol is another constant here. */
public enum ProduceProtocol {

    /** A JSON document a request. */
    HTTP,

    /** A request of lines, a record each. */
    NDJSON,

    /** A text frame a request. */
    WEBSOCKET,

    /** A binary frame a request. */
    WEBSOCKET_BINARY;

    /** The one whose frames are those of a subprotocol. */
    public static ProduceProtocol of(Subprotocol subprotocol) {
        return switch (subprotocol) {
            case JSON -> WEBSOCKET;
            case BINARY -> WEBSOCKET_BINARY;
        };
    }

    /** The subprotocol for subscribers beside such producers: theirs, and beside HTTP the one in JSON as well. */
    public Subprotocol subprotocol() {
        return switch (this) {
            case HTTP, NDJSON, WEBSOCKET -> Subprotocol.JSON;
            case WEBSOCKET_BINARY -> Subprotocol.BINARY;
        };
    }

    /** How its requests are written. */
    RequestFormat format(HubUrl hub, Production production) {
        return switch (this) {
            case HTTP -> http(hub, production, "application/json", "{\"records\":[", ",", "]}");
            case NDJSON -> http(hub, production, "application/x-ndjson", "", "\n", "\n");
            case WEBSOCKET, WEBSOCKET_BINARY -> frame(production);
        };
    }

    /** A connection that is one of the loop's. */
    BenchConnection connection(Run run, HubUrl hub, ProducerLoop loop) {
        return switch (this) {
            case HTTP, NDJSON -> added(loop, new HttpProducer(run, loop));
            case WEBSOCKET, WEBSOCKET_BINARY -> added(loop, new WebSocketProducer(run, hub, subprotocol(), loop));
        };
    }

    private static RequestFormat http(
            HubUrl hub, Production production, String contentType, String opening, String separator, String closing) {
        RecordShape shape = production.shape();
        int length = RequestFormat.json(shape, opening, separator, closing).length(shape, production.batch());
        String head = "POST " + hub.path() + "/v1/topics/" + production.topics().first() + "/records?acks="
                + production.acks()
                + " HTTP/1.1\r\nHost: " + hub.authority() + "\r\nContent-Type: " + contentType
                + "\r\nContent-Length: " + length + "\r\n\r\n";
        return RequestFormat.json(shape, head + opening, separator, closing);
    }

    private RequestFormat frame(Production production) {
        return subprotocol()
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

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
