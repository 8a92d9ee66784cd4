package io.millrace.access;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the hub.
 *
 * @param authentication whether callers must say who they are
 * @param superUsers principals that may do everything, whatever the rules say
 * @param allowAnonymousOnNetwork lets a hub without authentication listen on addresses that other machines reach
 * @param allowPlaintextOnNetwork lets a hub without TLS listen on addresses that other machines reach
 * @param auditTopic the topic to which decisions about administration are appended, with authentication; none if blank
 * @param refreshInterval how late a node may notice a change of keys or rules whose notification was lost
 */
@ConfigurationProperties("millrace.security")
public record SecurityProperties(
        Mode authentication,
        List<String> superUsers,
        boolean allowAnonymousOnNetwork,
        boolean allowPlaintextOnNetwork,
        String auditTopic,
        Duration refreshInterval) {

    public SecurityProperties(
            @DefaultValue("none") Mode authentication,
            @Nullable List<String> superUsers,
            @DefaultValue("false") boolean allowAnonymousOnNetwork,
            @DefaultValue("false") boolean allowPlaintextOnNetwork,
            @DefaultValue("millrace-audit") String auditTopic,
            @DefaultValue("1s") Duration refreshInterval) {
        this.authentication = authentication;
        this.superUsers = superUsers == null ? List.of() : List.copyOf(superUsers);
        this.allowAnonymousOnNetwork = allowAnonymousOnNetwork;
        this.allowPlaintextOnNetwork = allowPlaintextOnNetwork;
        this.auditTopic = auditTopic;
        this.refreshInterval = refreshInterval;
        this.superUsers.stream()
                .filter(name -> !Principals.isValid(name))
                .findFirst()
                .ifPresent(wrong -> {
                    throw new IllegalArgumentException(
                            "millrace.security.super-users: '" + wrong + "' is not a principal; " + Principals.RULE);
                });
    }

    /** Whether callers must say who they are. */
    public enum Mode {
        /** Every caller may do everything. */
        NONE,
        REQUIRED
    }

    /** Whether callers must say who they are. */
    public boolean required() {
        return authentication == Mode.REQUIRED;
    }
}
