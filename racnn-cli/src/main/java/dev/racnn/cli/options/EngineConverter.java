package dev.racnn.cli.options;

import dev.racnn.retrieval.EngineFactory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Understands the argument {@code ENGINE}. */
public final class EngineConverter implements ITypeConverter<EngineFactory> {
    EngineConverter() {}

    @Override
    public EngineFactory convert(String value) {
        try {
            return EngineFactory.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
