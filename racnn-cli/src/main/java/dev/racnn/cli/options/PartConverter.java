package dev.racnn.cli.options;

import dev.racnn.Part;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Understands {@code 2/4}: the second of four shares. */
public final class PartConverter implements ITypeConverter<Part> {
    PartConverter() {}

    @Override
    public Part convert(String value) {
        try {
            return Part.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
