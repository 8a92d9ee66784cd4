package io.millrace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.Hub;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DrainingIT {

    @Test
    void clientsAreToldBeforeTheNodeGoes() throws IOException {
        Hub hub = Hub.start();
        hub.createTopic("drain", 1);
        try (WsClient ws = WsClient.connect(hub);
                SseClient sse = SseClient.connect(hub, "/v1/topics/drain/stream")) {
            ws.send("{'type':'subscribe','id':'s','topics':['drain'],'credits':1}")
                    .next("assigned");
            sse.nextControl("assigned");
            hub.close();
            ws.next("draining");
            assertThat(ws.next("error").get("problem").get("code").asString()).isEqualTo("draining");
            assertThat(ws.closeCode()).isEqualTo(1001);
            sse.nextControl("draining");
            assertThat(sse.next()).isNull();
        }
    }
}
