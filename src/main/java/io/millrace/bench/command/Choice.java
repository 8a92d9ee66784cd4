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
 * Takes the constants of an enum by what they are shown as, in any case. Picocli by itself tells who is wrong the names
 * that they have in Java, which have no hyphens.
 */
public final class Choice<E extends Enum<E>> implements ITypeConverter<E> {

    private final Class<E> type;

    private Choice(Class<E> type) {
        this.type = type;
    }

    /** Has a command line and its commands take all enums so that there are among their options. */
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
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + Arrays.stream(constants).map(Enum::toString).collect(Collectors.joining(", "))));
    }
}
