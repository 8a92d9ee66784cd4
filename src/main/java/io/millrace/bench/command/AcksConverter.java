package io.millrace.bench.command;

import io.millrace.bench.produce.Production;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Acknowledgement levels as the API writes them. */
final class AcksConverter implements ITypeConverter<Production.Acks> {

    @Override
    public Production.Acks convert(String text) {
        for (Production.Acks acks : Production.Acks.values()) {
            if (acks.toString().equals(text)) {
                return acks;
            }
        }
        throw new TypeConversionException("'" + text + "' is neither 0 nor 1");
    }
}
