package io.millrace.bench.command;

import io.millrace.bench.format.TopicNames;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.message.Topic;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options for the topic. */
final class TopicOptions {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final int MOST_PARTITIONS = 10_000;

    @Option(names = "--topic", paramLabel = "NAME", description = "The topic; it is kept after the run.")
    private String topic = "bench";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topic if it is created; an existing topic keeps its own.")
    private int partitions = 16;

    void check(Measurement of) {
        checkName(of, topic);
        of.require(partitions >= 1 && partitions <= MOST_PARTITIONS, "--partitions must be 1 to " + MOST_PARTITIONS);
    }

    static void checkName(Measurement of, String topic) {
        of.require(NAME.matcher(topic).matches(), "--topic must be 1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-'");
    }

    /** The topic or, for several, those named after it with a number; created if they do not exist. */
    TopicNames openAll(HubClient hub, int count) throws NoAnswerException, InterruptedException {
        TopicNames names = new TopicNames(topic, count);
        for (String name : names.all()) {
            hub.topics().describeOrCreate(name, partitions);
        }
        return names;
    }

    Topic open(HubClient hub) throws NoAnswerException, InterruptedException {
        return hub.topics().describeOrCreate(topic, partitions);
    }
}
