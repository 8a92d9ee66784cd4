-- Replication. Owned by the package io.millrace.eventlog.

set local lock_timeout = '2s';

alter table millrace.partition_head add column min_insync_replicas int not null default 1;

comment on column millrace.partition_head.min_insync_replicas is
    'How many servers must have a record, the primary included, before it may be read: the setting of the topic.';

update millrace.partition_head h
   set min_insync_replicas = t.min_insync_replicas
  from millrace.topic_partition p
  join millrace.topic t on t.id = p.topic_id
 where h.partition_id = p.partition_id and t.min_insync_replicas > 1;

create table millrace.replicated_end (
    partition_id int    primary key,
    next_offset  bigint not null
) with (fillfactor = 50);

comment on table millrace.replicated_end is
    'For partitions whose readers wait for standbys: up to where records are known to be on enough servers. Lags a second.';
comment on column millrace.replicated_end.partition_id is 'The partition in the log.';
comment on column millrace.replicated_end.next_offset is 'The offset after the last such record.';

create table millrace.leader (
    leader_epoch      int         primary key,
    system_identifier bigint      not null,
    timeline          int         not null,
    since             timestamptz not null default millrace.now()
);

comment on table millrace.leader is
    'The primaries that the log has had. A promotion, or a restore, begins another timeline, and may have lost records.';
comment on column millrace.leader.leader_epoch is 'Raised with each leader, by as many as timelines have begun.';
comment on column millrace.leader.system_identifier is 'The database cluster''s, chosen by initdb.';
comment on column millrace.leader.timeline is 'The timeline of the write-ahead log.';
comment on column millrace.leader.since is 'When a hub first found this leader.';

create table millrace.partition_epoch (
    partition_id int    not null,
    leader_epoch int    not null,
    first_offset bigint not null,
    primary key (partition_id, leader_epoch)
);

comment on table millrace.partition_epoch is
    'Where each partition ended when a leader''s epoch began: records of an older epoch at or after it are lost.';
comment on column millrace.partition_epoch.partition_id is 'The partition in the log.';
comment on column millrace.partition_epoch.leader_epoch is 'The epoch.';
comment on column millrace.partition_epoch.first_offset is 'The partition''s next offset when the epoch began.';
