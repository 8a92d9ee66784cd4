package io.millrace.command;

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

    /** Registers this converter for an enum among the options of a command line and its subcommands. */
    public static <E extends Enum<E>> CommandLine takenBy(CommandLine commandLine, Class<E> type) {
        return commandLine.registerConverter(type, new Choice<>(type));
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
