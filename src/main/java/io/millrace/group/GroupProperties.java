package io.millrace.group;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of consumer groups.
 *
 * @param sweepInterval how often a node looks for members whose time has run out
 * @param pollInterval how often a node looks whether members that are to give partitions up have committed, and at
 *     members that have just joined
 * @param revokeTimeout how long a connected member may keep a partition that it was asked to give up, to commit what it
 *     has received
 * @param sessionTimeout of members that name none
 * @param minSessionTimeout the shortest that a member may ask for
 * @param maxSessionTimeout the longest that a member may ask for
 * @param maxMembers of one group
 * @param commitQueue offsets that may wait on a node to be committed; further ones are refused
 * @param lagInterval how often the lag of all groups is measured
 * @param maxLagSeries time series of lag, one for each group and topic, that a node exports: the first by name
 * @param transactionTimeout how long a change of a group may take, in whole seconds
 */
@ConfigurationProperties("millrace.groups")
public record GroupProperties(
        @DefaultValue("1s") Duration sweepInterval,
        @DefaultValue("100ms") Duration pollInterval,
        @DefaultValue("5s") Duration revokeTimeout,
        @DefaultValue("45s") Duration sessionTimeout,
        @DefaultValue("1s") Duration minSessionTimeout,
        @DefaultValue("30m") Duration maxSessionTimeout,
        @DefaultValue("10000") int maxMembers,
        @DefaultValue("100000") int commitQueue,
        @DefaultValue("10s") Duration lagInterval,
        @DefaultValue("1000") int maxLagSeries,
        @DefaultValue("10s") Duration transactionTimeout) {}
