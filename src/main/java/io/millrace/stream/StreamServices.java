package io.millrace.stream;

import io.millrace.connection.BrokenAnswers;
import io.millrace.connection.ConnectionProperties;
import io.millrace.connection.Shares;
import io.millrace.consume.MemberFeeds;
import io.millrace.consume.Reading;
import io.millrace.cursor.Bases;
import io.millrace.edge.LimitsProperties;
import io.millrace.produce.Producing;
import io.millrace.security.Quotas;
import io.millrace.time.Ticker;
import org.springframework.stereotype.Component;

/** What WebSocket connections and event streams need of the hub. */
@Component
public record StreamServices(
        Reading reading,
        Producing producing,
        Quotas quotas,
        LiveStreams streams,
        StreamProperties properties,
        LimitsProperties limits,
        StreamMetrics metrics,
        MemberFeeds feeds,
        Shares shares,
        ConnectionProperties connections,
        BrokenAnswers brokenAnswers,
        Bases bases,
        Ticker ticker) {}
