package io.millrace.verify;

import io.millrace.client.HubClient;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.command.Choice;
import io.millrace.command.CommandFailure;
import io.millrace.command.CommandLines;
import io.millrace.command.Output;
import io.millrace.command.RunDescription;
import io.millrace.event.Acks;
import io.millrace.verify.run.MemberProtocol;
import io.millrace.verify.run.Observations;
import io.millrace.verify.run.Report;
import io.millrace.verify.run.Settings;
import io.millrace.verify.run.Verdict;
import io.millrace.verify.run.Workload;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code verify}. Only the result goes to standard output; progress goes to standard error. */
@Command(
        name = "verify",
        description =
                "Puts load on hubs while you inject faults, and then checks whether they have kept their promises.",
        showDefaultValues = true,
        sortOptions = false,
        footer = {
            "",
            "The environment variable MILLRACE_KEY has the API key for hubs that ask for one.",
            "docs/verify.md explains the report, and how to verify a failover."
        })
public final class VerifyCommand implements Callable<Integer> {

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final int MOST_PARTITIONS = 1000;
    private static final int MOST_CLIENTS = 1000;

    /** What one record takes, with one follower: 380 were measured for the history, the rest is for the checks. */
    private static final long HISTORY_BYTES = 700;

    /** What each further follower adds: 65 were measured. */
    private static final long FOLLOWER_BYTES = 80;

    /** As the API writes them. */
    enum AcksOption {
        NONE(Acks.NONE),
        LEADER(Acks.LEADER),
        ALL(Acks.ALL);

        private final Acks acks;

        AcksOption(Acks acks) {
            this.acks = acks;
        }

        @Override
        public String toString() {
            return acks.parameter();
        }
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "A hub, or a load balancer. Repeat it for several hubs: requests are spread over them.")
    private List<String> urls = new ArrayList<>();

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "The topic to create, and the name of the group; by default a new name.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private @Nullable String topic;

    @Option(names = "--partitions", paramLabel = "N", description = "Partitions of the topic.")
    private int partitions = 8;

    @Option(names = "--producers", paramLabel = "N", description = "Producers, at least one for each hub.")
    private int producers = 4;

    @Option(names = "--consumers", paramLabel = "N", description = "Members of the group; 0 for no group.")
    private int consumers = 3;

    @Option(
            names = "--protocols",
            paramLabel = "websocket|sse|rest",
            split = ",",
            defaultValue = "websocket,sse,rest",
            description = "The protocols of the members, in turn, comma-separated.")
    private List<MemberProtocol> protocols = new ArrayList<>();

    @Option(names = "--acks", paramLabel = "0|1|all", description = "What must have happened before an answer.")
    private AcksOption acks = AcksOption.LEADER;

    @Option(
            names = "--min-insync-replicas",
            paramLabel = "N",
            description = "min_insync_replicas of the topic; by default the hub's.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private @Nullable Integer minInsyncReplicas;

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "1m", description = "How long to produce.")
    private Duration duration = Duration.ZERO;

    @Option(names = "--rate", paramLabel = "N", description = "Records a second at most, of all producers together.")
    private double rate = 1000;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long clients wait for an answer.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--settling",
            paramLabel = "TIME",
            defaultValue = "1m",
            description = "How long the hubs may take at the end until everything is read.")
    private Duration settling = Duration.ZERO;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Determines which records are sent in which requests; by default a random number.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private long seed = new SplittableRandom().nextInt(Integer.MAX_VALUE);

    @Option(names = "--keep", description = "Keeps the topic and the group.")
    private boolean keep;

    @Option(names = "--output", paramLabel = "text|json", description = "How the result is written.")
    private Output output = Output.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    /** Configures a command line that contains this command. */
    public static CommandLine configured(CommandLine commandLine) {
        CommandLine configured = CommandLines.configured(commandLine);
        Choice.takenBy(configured, MemberProtocol.class);
        return Choice.takenBy(configured, AcksOption.class);
    }

    @Override
    public Integer call() {
        CommandLines.keepNettyQuiet();
        Settings settings = settings();
        Instant began = Instant.now();
        try {
            Map<String, @Nullable Object> environment = environment(settings, began);
            Observations seen = new Workload(settings, spec.commandLine().getErr()).run();
            Verdict verdict = Verdict.of(seen, settings);
            print(new Report(seen, verdict, settings), environment);
            String failure = verdict.failure();
            if (failure != null) {
                throw new CommandFailure(failure);
            }
            return 0;
        } catch (NoAnswerException | RefusedException failure) {
            throw new CommandFailure("no verdict: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", interrupted);
        }
    }

    private static Map<String, @Nullable Object> environment(Settings settings, Instant began)
            throws NoAnswerException, InterruptedException {
        try (HubClient hub = new HubClient(settings.urls().getFirst())) {
            return RunDescription.environment(hub, began);
        }
    }

    private Settings settings() {
        List<HubUrl> hubs =
                urls.stream().map(text -> CommandLines.url(spec, "--url", text)).toList();
        require(
                topic == null || TOPIC.matcher(topic).matches(),
                "--topic must be 1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-'");
        require(partitions >= 1 && partitions <= MOST_PARTITIONS, "--partitions must be 1 to " + MOST_PARTITIONS);
        require(
                producers >= hubs.size() && producers <= MOST_CLIENTS,
                "--producers must be " + hubs.size() + " to " + MOST_CLIENTS + ": at least one for each --url");
        require(consumers >= 0 && consumers <= MOST_CLIENTS, "--consumers must be 0 to " + MOST_CLIENTS);
        require(rate > 0, "--rate must be more than 0");
        require(!duration.isZero(), "--duration must not be 0");
        require(!timeout.isZero(), "--timeout must not be 0");
        requireMemory(hubs.size());
        List<MemberProtocol> members = new ArrayList<>();
        for (int i = 0; i < consumers; i++) {
            members.add(protocols.get(i % protocols.size()));
        }
        String name = topic == null ? "verify-" + HexFormat.of().toHexDigits(new SplittableRandom().nextInt()) : topic;
        return new Settings(
                hubs,
                name,
                partitions,
                producers,
                members,
                acks.acks,
                duration,
                rate,
                seed,
                timeout,
                settling,
                minInsyncReplicas,
                keep);
    }

    private void requireMemory(int hubs) {
        double records = rate * duration.toMillis() / 1000;
        require(
                records <= Settings.MOST_RECORDS,
                "--rate times --duration must be at most " + Settings.MOST_RECORDS
                        + " records: their history is held in memory");
        long bytes = (long) (records * (HISTORY_BYTES + (hubs - 1) * FOLLOWER_BYTES));
        long heap = Runtime.getRuntime().maxMemory();
        require(
                bytes <= heap,
                "the history of these records may take " + (bytes >> 20) + " MiB, but the heap has " + (heap >> 20)
                        + " MiB: lower --rate or --duration, or raise -Xmx");
    }

    private void require(boolean holds, String otherwise) {
        CommandLines.require(spec, holds, otherwise);
    }

    private void print(Report report, Map<String, @Nullable Object> environment) {
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case TEXT ->
                out.print(report.text(spec.qualifiedName() + " " + urls.stream().collect(Collectors.joining(" "))));
            case JSON -> out.println(report.json(RunDescription.parameters(spec), environment));
        }
        out.flush();
    }
}
