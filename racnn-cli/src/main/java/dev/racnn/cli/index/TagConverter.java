package dev.racnn.cli.index;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A tag that is given to candidates: something that can be read in a table and typed again. */
final class TagConverter implements ITypeConverter<String> {
    private static final int SHOWN = 20;

    TagConverter() {}

    @Override
    public String convert(String value) {
        if (value.isBlank() || !value.matches("[\\P{C}&&[^\\p{Zl}\\p{Zp}]]{1,100}")) {
            String shown = value.codePointCount(0, value.length()) <= SHOWN
                    ? value
                    : value.substring(0, value.offsetByCodePoints(0, SHOWN)) + "...";
            throw new TypeConversionException("a tag must be 1 to 100 printable characters, but '%s' has %s"
                    .formatted(shown.replaceAll("\\p{C}", "?"), value.codePointCount(0, value.length())));
        }
        return value;
    }
}
