package io.millrace.rest;

import io.millrace.stream.websocket.WsClient;
import io.millrace.testing.Hub;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A way of producing: how it sends the records of one request, and how it reads the outcome. */
enum ProduceWay {

    /** Below WebFlux. */
    PLAIN_JSON {
        @Override
        Outcome produce(HttpApi api, Hub hub, String topic, String acks, List<String> records) {
            // This way takes acks 1 and all; with acks=0 the request goes the way of JSON.
            return ofAnswer(api.post(path(topic, acks), HttpApi.JSON, request(records)));
        }
    },

    JSON {
        @Override
        Outcome produce(HttpApi api, Hub hub, String topic, String acks, List<String> records) {
            return ofAnswer(api.post(path(topic, acks), HttpApi.JSON + ";charset=UTF-8", request(records)));
        }
    },

    NDJSON {
        @Override
        Outcome produce(HttpApi api, Hub hub, String topic, String acks, List<String> records) {
            return ofAnswer(api.post(path(topic, acks), HttpApi.NDJSON, String.join("\n", records)));
        }
    },

    WEBSOCKET {
        @Override
        Outcome produce(HttpApi api, Hub hub, String topic, String acks, List<String> records) {
            try (WsClient client = WsClient.connect(hub)) {
                client.send("{\"type\":\"produce\",\"ref\":\"1\",\"topic\":\"" + topic + "\",\"acks\":\"" + acks
                        + "\",\"records\":[" + String.join(",", records) + "]}");
                return ofFrame(client.next());
            }
        }
    },

    /** Sends only the partition and the value of each record. */
    WEBSOCKET_BINARY {
        @Override
        Outcome produce(HttpApi api, Hub hub, String topic, String acks, List<String> records) {
            try (WsClient client = WsClient.offering(hub, "hub.v1.bin")) {
                client.sendBinary(frame(topic, acks, records));
                return client.isBinaryNext() ? Outcome.STORED : ofFrame(client.next());
            }
        }
    };

    /**
     * The outcome of a request.
     *
     * @param code the problem's code; empty if there is none
     * @param place the place of its first violation; empty if there is none
     */
    record Outcome(String code, String place, String detail) {

        static final Outcome STORED = new Outcome("", "", "");

        static Outcome of(JsonNode problem) {
            return new Outcome(
                    problem.path("code").asString(),
                    problem.path("errors").path(0).path("pointer").asString(""),
                    problem.path("detail").asString());
        }
    }

    /** @param records as JSON objects */
    abstract Outcome produce(HttpApi api, Hub hub, String topic, String acks, List<String> records);

    private static String path(String topic, String acks) {
        return "/v1/topics/" + topic + "/records" + (acks.equals("1") ? "" : "?acks=" + acks);
    }

    private static String request(List<String> records) {
        return "{\"records\":[" + String.join(",", records) + "]}";
    }

    private static Outcome ofAnswer(Answer answer) {
        return answer.status() < 300 ? Outcome.STORED : Outcome.of(answer.json());
    }

    private static Outcome ofFrame(JsonNode frame) {
        return frame.path("type").asString().equals("produced") ? Outcome.STORED : Outcome.of(frame.path("problem"));
    }

    private static byte[] frame(String topic, String acks, List<String> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(1);
        out.write(acks.equals("all") ? -1 : Integer.parseInt(acks));
        string(out, "1");
        string(out, topic);
        integer(out, records.size());
        for (String record : records) {
            JsonNode node = JsonMapper.shared().readTree(record);
            integer(out, node.path("partition").asInt(-1));
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(-1).array());
            out.write(0);
            integer(out, -1);
            byte[] value = node.path("value").toString().getBytes(StandardCharsets.UTF_8);
            integer(out, value.length);
            out.writeBytes(value);
            integer(out, -1);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(
                ByteBuffer.allocate(Short.BYTES).putShort((short) utf8.length).array());
        out.writeBytes(utf8);
    }

    private static void integer(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }
}
