package io.millrace.bench.command;

import io.millrace.bench.consume.ConsumeProtocol;
import io.millrace.bench.content.KeyDistribution;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.produce.ProduceProtocol;
import io.millrace.bench.produce.Production;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts an option's text to an enum constant by its displayed name, ignoring case. Picocli's own error message lists
 * the Java names instead, which have no hyphens.
 */
public final class Choice<E extends Enum<E>> implements ITypeConverter<E> {

    private final Class<E> type;

    private Choice(Class<E> type) {
        this.type = type;
    }

    /** Registers this converter for all enums among the options of a command line and its subcommands. */
    public static CommandLine takenBy(CommandLine commandLine) {
        register(commandLine, Measurement.Output.class);
        register(commandLine, KeyDistribution.class);
        register(commandLine, ProduceProtocol.class);
        register(commandLine, Production.Acks.class);
        register(commandLine, ConsumeProtocol.class);
        register(commandLine, Subprotocol.class);
        return commandLine;
    }

    private static <E extends Enum<E>> void register(CommandLine commandLine, Class<E> type) {
        commandLine.registerConverter(type, new Choice<>(type));
    }

    @Override
    public E convert(String text) {
        E[] constants = type.getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> constant.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not one of "
                        + Arrays.stream(constants).map(Enum::toString).collect(Collectors.joining(", "))));
    }
}
