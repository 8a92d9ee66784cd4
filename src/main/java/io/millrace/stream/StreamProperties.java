package io.millrace.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxFrame the largest frame taken from a WebSocket client; a larger one closes the connection: the bound is on
 *     memory
 * @param maxSubscriptions of one WebSocket connection; each is a thread and is woken by commits
 * @param maxFrameRecords records in one produce request, which is one transaction
 * @param maxOutstanding unanswered produce requests of one connection; beyond it the socket is not read
 * @param maxOutstandingBytes the same in bytes: the most that one connection can take of the append queue
 * @param maxControlQueue bytes of answers that wait for a client to read them; beyond it the client is too slow
 * @param recordsPerFrame records in one frame to a subscriber; more would gain little and delay the frames after it
 * @param bytesPerFrame bytes of records in one frame to a subscriber; a larger record is sent alone
 * @param inFlight bytes of records on their way to one connection, all subscriptions together; the cost of a client
 *     that does not read. It must cover the bandwidth-delay product that one client is to reach
 * @param websocketCompression whether messages are compressed both ways with WebSocket clients that offer it
 *     (permessage-deflate); off, as it takes several times the processor time for a record and networks within a
 *     machine or a rack have the bandwidth
 * @param stallTimeout a connection is closed after its client, with bytes to read, has read none for this long
 * @param pingInterval how often a WebSocket client is pinged; below the idle limits of proxies
 * @param pongTimeout how long the client may take to answer
 * @param maxBadFrames frames in a row that cannot be understood before the connection is closed
 * @param maxSmallFrames commands, pings and fragments of a few bytes that a WebSocket client may send in a second;
 *     beyond it the socket is not read for a while
 * @param chunk bytes of events written at once to a reader of server-sent events, and held by a slow one
 * @param commentInterval how often a quiet event stream sends a comment; below the idle limits of proxies
 * @param retry how long event streams tell clients to wait before they connect again
 * @param tick how often the ticker checks all connections; the precision of the times above
 * @param drainTimeout how long a node that is shutting down waits for its clients to disconnect; members by event
 *     streams have half of it to commit
 */
@ConfigurationProperties("millrace.stream")
public record StreamProperties(
        @DefaultValue("8MB") DataSize maxFrame,
        @DefaultValue("100") int maxSubscriptions,
        @DefaultValue("10000") int maxFrameRecords,
        @DefaultValue("1000") int maxOutstanding,
        @DefaultValue("16MB") DataSize maxOutstandingBytes,
        @DefaultValue("16MB") DataSize maxControlQueue,
        @DefaultValue("500") int recordsPerFrame,
        @DefaultValue("256KB") DataSize bytesPerFrame,
        @DefaultValue("512KB") DataSize inFlight,
        @DefaultValue("false") boolean websocketCompression,
        @DefaultValue("30s") Duration stallTimeout,
        @DefaultValue("30s") Duration pingInterval,
        @DefaultValue("30s") Duration pongTimeout,
        @DefaultValue("100") int maxBadFrames,
        @DefaultValue("10000") int maxSmallFrames,
        @DefaultValue("64KB") DataSize chunk,
        @DefaultValue("15s") Duration commentInterval,
        @DefaultValue("2s") Duration retry,
        @DefaultValue("1s") Duration tick,
        @DefaultValue("5s") Duration drainTimeout) {}
