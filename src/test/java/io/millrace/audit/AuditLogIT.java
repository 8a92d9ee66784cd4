package io.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.access.Acl.RuleOperation;
import io.millrace.security.Permission.Resource;
import io.millrace.testing.Guarded;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What administrators ask for is in the audit log, refused or not. */
class AuditLogIT {

    private static final String TOPIC = "millrace.security.audit-topic=millrace-audit";

    @Test
    void administrationIsRecordedRefusedOrNot() {
        try (Hub hub = Guarded.start(TOPIC)) {
            String admin = Guarded.key(hub, Guarded.ADMIN);
            String nobody = Guarded.key(hub, "User:nobody");
            Guarded.allow(hub, "User:nobody", RuleOperation.READ, Resource.TOPIC, "kept");

            call(hub, admin, "POST", "/v1/topics", "{\"name\":\"kept\"}");
            call(hub, nobody, "DELETE", "/v1/topics/kept", null);
            call(hub, nobody, "GET", "/v1/topics/kept", null);
            call(hub, admin, "POST", "/v1/keys", "{\"principal\":\"User:new\"}");
            call(
                    hub,
                    nobody,
                    "POST",
                    "/v1/acls",
                    "{\"principal\":\"User:nobody\",\"operation\":\"all\","
                            + "\"resource_type\":\"cluster\",\"resource_name\":\"*\"}");

            await().until(() -> entries(hub).size() == 4);
            assertThat(entries(hub))
                    .containsExactlyInAnyOrder(
                            "User:admin " + id(admin) + " create topic kept true",
                            "User:nobody " + id(nobody) + " delete topic kept false",
                            "User:admin " + id(admin) + " alter cluster millrace-cluster true",
                            "User:nobody " + id(nobody) + " alter cluster millrace-cluster false");
        }
    }

    @Test
    void whatWaitsWhenTheNodeShutsDownIsAppended() {
        TestDatabase database = TestPostgres.newDatabase();
        try (Hub other = Guarded.start(database)) {
            try (Hub hub = Guarded.start(database, TOPIC)) {
                hub.stopLoop("audit");
                call(hub, Guarded.key(hub, Guarded.ADMIN), "DELETE", "/v1/topics/none", null);
                assertThat(entries(other)).isEmpty();
            }

            assertThat(entries(other)).hasSize(1);
        }
    }

    private static String id(String key) {
        return key.split("_")[1];
    }

    private static void call(
            Hub hub, String key, String method, String path, @org.jspecify.annotations.Nullable String body) {
        hub.present(key);
        try {
            hub.client().call(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8));
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static List<String> entries(Hub hub) {
        return hub.bean(JdbcClient.class)
                .sql("select concat_ws(' ', value ->> 'principal', value ->> 'key_id', value ->> 'operation',"
                        + " value ->> 'resource_type', value ->> 'resource_name', value ->> 'allowed')"
                        + " from millrace.record where topic = 'millrace-audit' order by \"offset\"")
                .query(String.class)
                .list();
    }
}
