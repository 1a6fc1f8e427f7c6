package dev.racnn.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a budget: a number, or a fraction of two as papers state it, such as {@code 8/255}. */
public final class EpsilonConverter implements ITypeConverter<Double> {
    public EpsilonConverter() {}

    @Override
    public Double convert(String text) {
        String[] parts = text.split("/", 2);
        try {
            double epsilon = Double.parseDouble(parts[0]) / (parts.length == 1 ? 1 : Double.parseDouble(parts[1]));
            if (epsilon >= 0 && Double.isFinite(epsilon)) {
                return epsilon;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException(message(text));
        }
        throw new TypeConversionException(message(text));
    }

    private static String message(String text) {
        return "must be a finite number of at least 0 or a fraction such as 8/255, but is '" + text + "'";
    }
}
