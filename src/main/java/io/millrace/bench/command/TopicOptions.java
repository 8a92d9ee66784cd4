package io.millrace.bench.command;

import io.millrace.bench.format.TopicNames;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.message.Topic;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Which topic is used. */
final class TopicOptions {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final int MOST_PARTITIONS = 10_000;

    @Option(names = "--topic", paramLabel = "NAME", description = "The topic; it stays when the run is over.")
    private String topic = "bench";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topic if it is created; one that is there keeps its own.")
    private int partitions = 16;

    void check(Measurement of) {
        checkName(of, topic);
        of.require(partitions >= 1 && partitions <= MOST_PARTITIONS, "--partitions must be 1 to " + MOST_PARTITIONS);
    }

    static void checkName(Measurement of, String topic) {
        of.require(NAME.matcher(topic).matches(), "--topic must be 1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-'");
    }

    /** The topic or, if there are to be several, those of that name and a number. */
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
