package dev.racnn.cli.options;

import dev.racnn.attack.ThreatModel;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a budget, as {@link ThreatModel#radius} does. */
public final class EpsilonConverter implements ITypeConverter<Double> {
    public EpsilonConverter() {}

    @Override
    public Double convert(String text) {
        try {
            return ThreatModel.radius(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
