package io.millrace.fuzz;

import io.millrace.admission.AdmissionFuzz;
import io.millrace.codec.ProduceFrameFuzz;
import io.millrace.codec.RecordsFuzz;
import io.millrace.consume.MemberCursorFuzz;
import io.millrace.cursor.PositionsFuzz;
import io.millrace.edge.RequestFieldsFuzz;
import io.millrace.http.MediaTypesFuzz;
import io.millrace.json.ScannerFuzz;
import io.millrace.rest.NdjsonFuzz;
import io.millrace.rest.RawRecordFuzz;
import io.millrace.stream.sse.EventCursorFuzz;
import io.millrace.stream.websocket.frame.CompressionFuzz;
import io.millrace.stream.websocket.frame.FramesFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All targets, and what the fuzzer has found in them. */
final class FuzzTargets {

    static final List<FuzzTarget> ALL = List.of(
            new RecordsFuzz(),
            new ScannerFuzz(),
            new ProduceFrameFuzz(),
            new NdjsonFuzz(),
            new RawRecordFuzz(),
            new FramesFuzz(),
            new CompressionFuzz(),
            new PositionsFuzz(),
            new MemberCursorFuzz(),
            new EventCursorFuzz(),
            new RequestFieldsFuzz(),
            new MediaTypesFuzz(),
            new AdmissionFuzz());

    private static final Path FINDINGS = Path.of("src/test/resources/io/millrace/fuzz");

    private FuzzTargets() {}

    static FuzzTarget named(String name) {
        return ALL.stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no target " + name));
    }

    /** Inputs that once broke a promise of a target: the files of the directory with its name. */
    static List<Path> findings(FuzzTarget target) {
        Path directory = FINDINGS.resolve(target.name());
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
