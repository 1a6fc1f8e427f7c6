package dev.racnn.cli.options;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a file or folder. An empty one, which a shell makes of an unset variable, would mean the current folder. */
public final class PathConverter implements ITypeConverter<Path> {
    public PathConverter() {}

    @Override
    public Path convert(String name) {
        if (name.isEmpty()) {
            throw new TypeConversionException("must name a file or folder, but is empty; the current folder is '.'");
        }
        return Path.of(name);
    }
}
