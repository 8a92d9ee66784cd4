package io.millrace.bench.command;

import io.millrace.bench.consume.ConsumeProtocol;
import io.millrace.bench.content.KeyDistribution;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.produce.ProduceProtocol;
import io.millrace.bench.produce.Production;
import io.millrace.command.Choice;
import picocli.CommandLine;

/** The enums among the options of these commands. */
public final class Choices {

    private Choices() {}

    public static CommandLine takenBy(CommandLine commandLine) {
        Choice.takenBy(commandLine, KeyDistribution.class);
        Choice.takenBy(commandLine, ProduceProtocol.class);
        Choice.takenBy(commandLine, Production.Acks.class);
        Choice.takenBy(commandLine, ConsumeProtocol.class);
        return Choice.takenBy(commandLine, Subprotocol.class);
    }
}
