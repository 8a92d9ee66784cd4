package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What a hub does with an existing schema, and how the schema documents itself. */
class MigrationsIT {

    private static final Path OURS = Path.of("src/main/resources/db/migration");

    private final TestDatabase database = TestPostgres.newDatabase();
    private final JdbcClient jdbc = JdbcClient.create(
            new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password()));
    private final Migrations migrations = new Migrations();

    @TempDir
    private Path newerRelease;

    @BeforeEach
    void theSchemaOfThisBuild() {
        migrations.migrate(flyway(OURS));
    }

    @Test
    void aSecondStartChangesNothing() {
        List<String> applied = applied();

        migrations.migrate(flyway(OURS));

        assertThat(applied())
                .isEqualTo(applied)
                .contains("V1__log.sql", "R__functions.sql")
                .doesNotHaveDuplicates();
    }

    @Test
    void aChangedFunctionIsReplaced() throws Exception {
        copyWith("R__functions.sql", "comment on function millrace.last_batch(int, int) is 'newer';");

        migrations.migrate(flyway(newerRelease));

        assertThat(lastBatch()).isEqualTo("newer");
        assertThat(jdbc.sql("select segment from millrace.segment")
                        .query(Integer.class)
                        .list())
                .as("the first segment is created once")
                .containsExactly(1);
    }

    /** During a rolling upgrade, a hub that is not upgraded yet may restart. */
    @Test
    void aHubOfThePreviousReleaseDoesNotRestoreItsFunctions() throws Exception {
        copyWith("R__functions.sql", "comment on function millrace.last_batch(int, int) is 'newer';");
        migrations.migrate(flyway(newerRelease));

        migrations.migrate(flyway(OURS));

        assertThat(lastBatch()).isEqualTo("newer");
    }

    @Test
    void aHubOfThePreviousReleaseLeavesTheTablesOfANewerOneAlone() throws Exception {
        copyWith("R__functions.sql", "comment on function millrace.last_batch(int, int) is 'newer';");
        Files.writeString(newerRelease.resolve("V99__later.sql"), "create table millrace.later ();");
        migrations.migrate(flyway(newerRelease));
        List<String> applied = applied();

        migrations.migrate(flyway(OURS));

        assertThat(applied()).isEqualTo(applied).contains("V99__later.sql");
    }

    @Test
    void theSchemaOfAnotherBuildStopsTheStartAndTheMessageSaysWhatToDo() {
        jdbc.sql("update millrace.flyway_schema_history set checksum = checksum + 1 where version = '1'")
                .update();
        List<String> applied = applied();

        assertThatExceptionOfType(ForeignSchemaException.class)
                .isThrownBy(() -> migrations.migrate(flyway(OURS)))
                .withMessage("The schema millrace of this database was made by another build of Millrace, whose"
                        + " V1__log.sql differs from this one's")
                .satisfies(failure -> assertThat(new ForeignSchemaException.Analyzer()
                                .analyze(new IllegalStateException(failure))
                                .getAction())
                        .contains("drop schema millrace cascade"));
        assertThat(applied()).isEqualTo(applied);
    }

    @Test
    void aMigrationThatThisBuildLacksStopsTheStart() {
        jdbc.sql("update millrace.flyway_schema_history set version = '1.5' where version = '2'")
                .update();

        assertThatExceptionOfType(ForeignSchemaException.class)
                .isThrownBy(() -> migrations.migrate(flyway(OURS)))
                .withMessageContaining("V2__topic.sql");
    }

    /** SQL users read the catalogue: psql's \d+ and every tool show these. */
    @Test
    void everythingInTheSchemaSaysWhatItIs() {
        assertThat(jdbc.sql("""
            select 'schema ' || nspname from pg_namespace
             where nspname = 'millrace' and obj_description(oid, 'pg_namespace') is null
            union all
            select 'relation ' || c.relname
              from pg_class c
             where c.relnamespace = 'millrace'::regnamespace and c.relname not like 'flyway%'
               and obj_description(c.oid, 'pg_class') is null
               and not exists (select from pg_constraint n where n.conindid = c.oid)
               and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i'
                                  and d.classid = 'pg_class'::regclass and c.relkind = 'S')
            union all
            select 'column ' || c.relname || '.' || a.attname
              from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
             where c.relnamespace = 'millrace'::regnamespace and c.relname not like 'flyway%'
               and c.relkind in ('r', 'p', 'v')
               and col_description(c.oid, a.attnum) is null
            union all
            select 'function ' || p.oid::regprocedure
              from pg_proc p
             where p.pronamespace = 'millrace'::regnamespace and obj_description(p.oid, 'pg_proc') is null
            """).query(String.class).list())
                .as("without a comment")
                .isEmpty();
    }

    private void copyWith(String name, String addition) throws Exception {
        try (var files = Files.list(OURS)) {
            for (Path file : files.toList()) {
                Files.copy(file, newerRelease.resolve(file.getFileName()));
            }
        }
        Path changed = newerRelease.resolve(name);
        Files.writeString(changed, Files.readString(changed) + addition);
    }

    private Flyway flyway(Path location) {
        return Flyway.configure()
                .dataSource(database.jdbcUrl(), database.username(), database.password())
                .locations("filesystem:" + location)
                .schemas("millrace")
                .defaultSchema("millrace")
                .load();
    }

    private List<String> applied() {
        return jdbc.sql("select script from millrace.flyway_schema_history where script like '%.sql' order by"
                        + " installed_rank")
                .query(String.class)
                .list();
    }

    private String lastBatch() {
        return jdbc.sql("select obj_description('millrace.last_batch(int, int)'::regprocedure)")
                .query(String.class)
                .single();
    }
}
