package io.millrace.database;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;

/**
 * Brings the schema up to date when a hub starts. The schema of a newer release is left alone: during a rolling upgrade
 * a hub of the previous release may restart, and would otherwise put its own functions and views back. A schema that
 * another build made stops the start.
 */
final class Migrations implements FlywayMigrationStrategy {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    @Override
    public void migrate(Flyway flyway) {
        List<MigrationInfo> migrations = Arrays.asList(flyway.info().all());
        Optional<MigrationInfo> foreign =
                migrations.stream().filter(Migrations::isForeign).findFirst();
        if (foreign.isPresent()) {
            throw new ForeignSchemaException(foreign.get().getScript());
        }
        if (migrations.stream().anyMatch(migration -> isNewer(migration, migrations))) {
            log.info("the schema belongs to a newer release: no migration is applied");
        } else {
            long pending = migrations.stream()
                    .filter(migration -> !migration.getState().isApplied())
                    .count();
            if (pending > 0) {
                log.info("migrations to be applied to the schema: {}", pending);
            }
            MigrateResult result = flyway.migrate();
            if (result.migrationsExecuted > 0) {
                log.info(
                        "{} migrations were applied in {} ms; the schema has version {}",
                        result.migrationsExecuted,
                        result.getTotalMigrationTime(),
                        result.targetSchemaVersion);
            }
        }
    }

    /**
     * Applied with contents that differ from this build's, applied but missing from this build, or skipped although
     * this build has it.
     */
    private static boolean isForeign(MigrationInfo migration) {
        return migration.isVersioned()
                && switch (migration.getState()) {
                    case MISSING_SUCCESS, MISSING_FAILED, IGNORED -> true;
                    default -> migration.getState().isApplied() && !migration.isChecksumMatching();
                };
    }

    /**
     * A version that this build does not know; or a repeatable migration that was applied with this build's contents
     * and has been replaced since.
     */
    private static boolean isNewer(MigrationInfo migration, List<MigrationInfo> all) {
        return switch (migration.getState()) {
            case FUTURE_SUCCESS -> true;
            case PENDING ->
                migration.isRepeatable()
                        && all.stream()
                                .anyMatch(other -> other.getState() == MigrationState.SUPERSEDED
                                        && other.getDescription().equals(migration.getDescription())
                                        && migration.getChecksum().equals(other.getAppliedChecksum()));
            default -> false;
        };
    }
}
