package io.millrace.audit;

import io.millrace.access.Acl;
import io.millrace.event.NewRecord;
import io.millrace.json.JsonBuffer;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One decision.
 *
 * @param at in milliseconds since the epoch
 * @param keyId the id of the API key with which the caller came; null for another credential
 */
record AuditEntry(long at, String principal, @Nullable String keyId, Permission permission, boolean allowed) {

    static AuditEntry of(long at, Caller caller, Permission permission, boolean allowed) {
        return new AuditEntry(at, caller.name(), caller.credential().keyId(), permission, allowed);
    }

    /** The record: its key is the principal, so that the entries of one are in order. */
    NewRecord record() {
        JsonBuffer json = new JsonBuffer(256);
        json.literal("{\"at\":").string(Instant.ofEpochMilli(at).toString());
        json.literal(",\"principal\":").string(principal);
        json.literal(",\"key_id\":");
        if (keyId == null) {
            json.literal("null");
        } else {
            json.string(keyId);
        }
        json.literal(",\"operation\":").string(Acl.code(permission.operation()));
        json.literal(",\"resource_type\":").string(Acl.code(permission.resource()));
        json.literal(",\"resource_name\":").string(permission.name());
        json.literal(",\"allowed\":" + allowed + "}");
        return new NewRecord(
                NewRecord.ANY_PARTITION,
                at,
                principal.getBytes(StandardCharsets.UTF_8),
                json.toByteArray(),
                null,
                (byte) 0);
    }
}
