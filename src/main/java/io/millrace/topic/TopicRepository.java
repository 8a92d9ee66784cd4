package io.millrace.topic;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The rows of topics. Callers must have a transaction; partitions are loaded when they are first accessed. */
interface TopicRepository extends Repository<TopicEntity, Integer> {

    /** A topic's row with the number of its partitions. */
    record CountedRow(TopicEntity topic, int partitionCount) {}

    /** Identifies one state of a topic. */
    record VersionRow(String name, int id, int version) {}

    TopicEntity saveAndFlush(TopicEntity topic);

    void delete(TopicEntity topic);

    void flush();

    Optional<TopicEntity> findByName(String name);

    List<TopicEntity> findByNameIn(Collection<String> names);

    /** @param pattern for SQL's {@code like}, with {@code !} as the escape character */
    @Query("select t from TopicEntity t where t.name like :pattern escape '!'")
    List<TopicEntity> findByNameLike(String pattern);

    /** Locks the row, so that changes of one topic happen one after another. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select t from TopicEntity t where t.name = :name")
    Optional<TopicEntity> lockByName(String name);

    @Query("""
        select new io.millrace.topic.TopicRepository$CountedRow(t, size(t.partitionIds))
          from TopicEntity t
         where t.name > :after and t.name >= :first and t.name <= :last
         order by t.name\
        """)
    List<CountedRow> findPage(String after, String first, String last, Limit limit);

    @Query("""
        select new io.millrace.topic.TopicRepository$VersionRow(t.name, t.id, t.version)
          from TopicEntity t
         where t.name in :names\
        """)
    List<VersionRow> findVersions(Collection<String> names);
}
