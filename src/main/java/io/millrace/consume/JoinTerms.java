package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.RequestFields;
import io.millrace.group.JoinRequest;
import io.millrace.group.MemberProtocol;
import java.util.HashSet;
import java.util.Set;

/**
 * What a member with a connection asks for when it joins.
 *
 * @param autoCommit whether records are committed before they are sent: at most once
 */
public record JoinTerms(JoinRequest join, boolean autoCommit) {

    public static final Set<String> FIELDS = fields();

    private static Set<String> fields() {
        Set<String> fields = new HashSet<>(GroupRequests.JOIN);
        fields.add("commit");
        return Set.copyOf(fields);
    }

    /** @throws HubException {@link HubError#INVALID_REQUEST} that names the wrong field */
    public static JoinTerms of(String group, MemberProtocol protocol, RequestFields fields) {
        return new JoinTerms(GroupRequests.join(group, protocol, fields), autoCommit(fields));
    }

    private static boolean autoCommit(RequestFields fields) {
        return switch (fields.text("commit").orElse("manual")) {
            case "auto" -> true;
            case "manual" -> false;
            default -> throw fields.refusal("commit", "invalid_commit", "commit is manual or auto");
        };
    }
}
