package io.millrace.rest.access;

import io.millrace.access.Acl;
import io.millrace.access.AclAdmin;
import io.millrace.access.ApiKey;
import io.millrace.access.KeyAdmin;
import io.millrace.access.NewKey;
import io.millrace.access.Quota;
import io.millrace.access.Ticket;
import io.millrace.apidocs.SentByClient;
import io.millrace.security.Listing;
import io.millrace.security.Quotas.Kind;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys, rules and quotas as clients see them. */
final class AccessViews {

    static final String PRINCIPAL = "^User:\\P{Cc}{1,200}$";
    static final String ANY_PRINCIPAL = "^(User|Group):\\P{Cc}{1,200}$";
    static final String RESOURCE_NAME = "^([A-Za-z0-9._-]{1,249}|[*])$";

    private static final String MOST = "1000000000";
    private static final String REQUESTS = "HTTP requests, and frames of a WebSocket but permit";
    private static final String CONNECTIONS = "Connections on which the user is first known";
    private static final String PRODUCED = "Bytes of keys, values and headers that it stores";
    private static final String CONSUMED = "Bytes of keys, values and headers that it is sent";

    private AccessViews() {}

    @Schema(name = "KeyRequest")
    record KeyRequest(
            @Schema(example = "User:billing", pattern = PRINCIPAL, description = "Who presents the key")
            String principal,

            @Schema(example = "the nightly run", maxLength = KeyAdmin.LONGEST_DESCRIPTION) @Nullable
            String description,

            @Schema(minimum = "1000", description = "After how long it expires; never, if not given") @Nullable
            Long expires_in_ms)
            implements SentByClient {}

    @Schema(name = "RotationRequest")
    record RotationRequest(
            @Schema(minimum = "0", description = "How long the old key remains accepted; a day, if not given") @Nullable
            Long overlap_ms,

            @Schema(minimum = "1000", description = "After how long the new key expires; never, if not given") @Nullable
            Long expires_in_ms)
            implements SentByClient {}

    @Schema(name = "Key")
    record KeyView(
            @Schema(example = "4k2v9q0x7b1m", description = "The part of the key that is no secret")
            String key_id,

            @Schema(example = "User:billing") String principal,

            @Schema(example = "the nightly run") @Nullable String description,

            @Schema(description = "The principal that created it")
            String created_by,

            Instant created_at,

            @Schema(description = "Null: never") @Nullable Instant expires_at,

            @Schema(description = "Null: it was not") @Nullable
            Instant revoked_at) {}

    @Schema(name = "NewKey")
    record NewKeyView(
            @Schema(description = "The key itself. It is stored nowhere, and this is the only answer that has it")
            String key,

            KeyView about) {}

    @Schema(name = "Keys")
    record KeysView(
            List<KeyView> keys,

            @Schema(description = "To be sent as after; null at the end") @Nullable
            String next) {}

    @Schema(name = "AclRequest")
    record AclRequest(
            @Schema(
                    example = "User:billing",
                    pattern = ANY_PRINCIPAL,
                    description = "User: and a name, User:* for all callers, or Group: and a name")
            String principal,

            @Schema(
                    allowableValues = {"allow", "deny"},
                    description = "A denial wins; allow, if not given")
            @Nullable
            String permission,

            @Schema(
                    allowableValues = {
                        "all",
                        "read",
                        "write",
                        "create",
                        "alter",
                        "delete",
                        "describe",
                        "commit",
                        "reset"
                    })
            String operation,

            @Schema(allowableValues = {"topic", "group", "cluster"})
            String resource_type,

            @Schema(
                    allowableValues = {"literal", "prefixed"},
                    description = "Literal, if not given")
            @Nullable
            String pattern_type,

            @Schema(
                    example = "flights",
                    pattern = RESOURCE_NAME,
                    description = "A name, how names begin, or * for all; the cluster's is millrace-cluster")
            String resource_name)
            implements SentByClient {}

    @Schema(name = "Acl")
    record AclView(
            @Schema(example = "1") long acl_id,

            @Schema(example = "User:billing") String principal,

            @Schema(allowableValues = {"allow", "deny"}) String permission,

            @Schema(
                    allowableValues = {
                        "all",
                        "read",
                        "write",
                        "create",
                        "alter",
                        "delete",
                        "describe",
                        "commit",
                        "reset"
                    })
            String operation,

            @Schema(allowableValues = {"topic", "group", "cluster"})
            String resource_type,

            @Schema(allowableValues = {"literal", "prefixed"})
            String pattern_type,

            @Schema(example = "flights") String resource_name,

            @Schema(description = "The principal that added it, or the role in SQL")
            String created_by,

            Instant created_at) {}

    @Schema(name = "Acls")
    record AclsView(
            List<AclView> acls,

            @Schema(description = "To be sent as after; null at the end") @Nullable
            Long next) {}

    @Schema(name = "QuotaRequest", description = "How much a user may do in a second; what is not given is not limited")
    record QuotaRequest(
            @Schema(minimum = "1", maximum = MOST, example = "1000", description = REQUESTS) @Nullable
            Long requests_per_second,

            @Schema(minimum = "1", maximum = MOST, description = CONNECTIONS) @Nullable
            Long connections_per_second,

            @Schema(minimum = "1", maximum = MOST, example = "10000000", description = PRODUCED) @Nullable
            Long produced_bytes_per_second,

            @Schema(minimum = "1", maximum = MOST, description = CONSUMED) @Nullable
            Long consumed_bytes_per_second)
            implements SentByClient {}

    @Schema(name = "Quota", description = "How much a user may do in a second; what is null is not limited")
    record QuotaView(
            @Schema(example = "User:billing", description = "User:* is each user without a quota of its own")
            String principal,

            @Schema(example = "1000", description = REQUESTS) @Nullable
            Long requests_per_second,

            @Schema(description = CONNECTIONS) @Nullable Long connections_per_second,

            @Schema(example = "10000000", description = PRODUCED) @Nullable
            Long produced_bytes_per_second,

            @Schema(description = CONSUMED) @Nullable Long consumed_bytes_per_second,

            @Schema(description = "The principal that has set it, or the role in SQL")
            String updated_by,

            Instant updated_at) {}

    @Schema(name = "Quotas")
    record QuotasView(
            List<QuotaView> quotas,

            @Schema(description = "To be sent as after; null at the end") @Nullable
            String next) {}

    @Schema(name = "Ticket")
    record TicketView(
            @Schema(description = "The parameter ticket of one stream's URL")
            String ticket,

            @Schema(example = "30000", description = "For how long it can be used")
            long expires_in_ms) {

        static TicketView of(Ticket ticket) {
            return new TicketView(ticket.text(), ticket.lifetime().toMillis());
        }
    }

    static QuotaView of(Quota quota) {
        return new QuotaView(
                quota.principal(),
                quota.perSecond().get(Kind.REQUESTS),
                quota.perSecond().get(Kind.CONNECTIONS),
                quota.perSecond().get(Kind.PRODUCED_BYTES),
                quota.perSecond().get(Kind.CONSUMED_BYTES),
                quota.updatedBy(),
                quota.updatedAt());
    }

    static QuotasView quotas(Listing.Page<Quota> page) {
        return new QuotasView(page.rows().stream().map(AccessViews::of).toList(), page.next());
    }

    static NewKeyView of(NewKey created) {
        return new NewKeyView(created.key(), of(created.about()));
    }

    static KeyView of(ApiKey key) {
        return new KeyView(
                key.id(),
                key.principal(),
                key.description(),
                key.createdBy(),
                key.createdAt(),
                key.expiresAt(),
                key.revokedAt());
    }

    static KeysView keys(Listing.Page<ApiKey> page) {
        return new KeysView(page.rows().stream().map(AccessViews::of).toList(), page.next());
    }

    static AclView of(Acl acl) {
        Acl.Rule rule = acl.rule();
        return new AclView(
                acl.id(),
                rule.principal(),
                Acl.code(rule.permission()),
                Acl.code(rule.operation()),
                Acl.code(rule.resourceType()),
                Acl.code(rule.patternType()),
                rule.resourceName(),
                acl.createdBy(),
                acl.createdAt());
    }

    static AclsView of(AclAdmin.Page page) {
        return new AclsView(page.acls().stream().map(AccessViews::of).toList(), page.next());
    }
}
