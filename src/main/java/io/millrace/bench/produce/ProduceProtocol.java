package io.millrace.bench.produce;

import io.millrace.bench.connection.BenchConnection;
import io.millrace.bench.connection.WebSocketConnection;
import io.millrace.bench.format.Batch;
import io.millrace.bench.hub.HubUrl;
import io.millrace.bench.run.Run;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.util.Locale;

/** How records get to the hub. Another protocol is another constant here, with a connection of its own. */
public enum ProduceProtocol {
    /** A JSON document a request. */
    HTTP {
        @Override
        Batch batch(HubUrl hub, Production production, long zero, long seed) {
            return http(hub, production, "application/json", new Body("{\"records\":[", ",", "]}"), zero, seed);
        }

        @Override
        BenchConnection connection(Run run, HubUrl hub, ProducerLoop loop) {
            return added(loop, new HttpProducer(run, loop));
        }

        @Override
        ChannelHandler[] codec() {
            return new ChannelHandler[] {httpDecoder()};
        }
    },

    /** A request of lines, a record each. */
    NDJSON {
        @Override
        Batch batch(HubUrl hub, Production production, long zero, long seed) {
            return http(hub, production, "application/x-ndjson", new Body("", "\n", "\n"), zero, seed);
        }

        @Override
        BenchConnection connection(Run run, HubUrl hub, ProducerLoop loop) {
            return added(loop, new HttpProducer(run, loop));
        }

        @Override
        ChannelHandler[] codec() {
            return new ChannelHandler[] {httpDecoder()};
        }
    },

    /** A text frame a request. */
    WEBSOCKET {
        @Override
        Batch batch(HubUrl hub, Production production, long zero, long seed) {
            String opening = WebSocketProducer.OPENING + production.topic() + "\",\"acks\":\"" + production.acks()
                    + "\",\"records\":[";
            return new Batch(production.shape(), production.batch(), opening, ",", "]}", zero, seed);
        }

        @Override
        BenchConnection connection(Run run, HubUrl hub, ProducerLoop loop) {
            return added(loop, new WebSocketProducer(run, hub, loop));
        }

        @Override
        ChannelHandler[] codec() {
            return WebSocketConnection.codec();
        }
    };

    private record Body(String opening, String separator, String closing) {}

    /** @param zero the nano time from which send times count */
    abstract Batch batch(HubUrl hub, Production production, long zero, long seed);

    /** A connection that is one of the loop's. */
    abstract BenchConnection connection(Run run, HubUrl hub, ProducerLoop loop);

    /** What stands in front of the connection in its pipeline. */
    abstract ChannelHandler[] codec();

    private static <C extends BenchConnection & ProducerConnection> C added(ProducerLoop loop, C connection) {
        loop.add(connection);
        return connection;
    }

    /** The hub's answers need no check of their headers, which is a good part of what decoding costs. */
    public static ChannelHandler httpDecoder() {
        return new HttpResponseDecoder(new HttpDecoderConfig().setValidateHeaders(false));
    }

    private static Batch http(HubUrl hub, Production production, String type, Body body, long zero, long seed) {
        int length =
                Batch.length(production.shape(), production.batch(), body.opening(), body.separator(), body.closing());
        String head = "POST " + hub.path() + "/v1/topics/" + production.topic() + "/records?acks=" + production.acks()
                + " HTTP/1.1\r\nHost: " + hub.authority() + "\r\nContent-Type: " + type + "\r\nContent-Length: "
                + length + "\r\n\r\n";
        return new Batch(
                production.shape(),
                production.batch(),
                head + body.opening(),
                body.separator(),
                body.closing(),
                zero,
                seed);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
