package io.millrace.connection;

import io.millrace.budget.ClientMemory;
import io.millrace.budget.Share;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.springframework.stereotype.Component;

/** The connections' shares of the budget. Safe for any thread. */
@Component
public class Shares {

    private static final AttributeKey<Share> SHARE = AttributeKey.valueOf("millrace.share");

    private final ClientMemory memory;

    Shares(ClientMemory memory) {
        this.memory = memory;
    }

    /** The connection's share: the same one at each call. */
    public Share of(Channel connection) {
        Share share = connection.attr(SHARE).get();
        if (share != null) {
            return share;
        }
        Share opened = memory.share();
        Share before = connection.attr(SHARE).setIfAbsent(opened);
        return before == null ? opened : before;
    }
}
