package dev.racnn.cli.options;

import dev.racnn.data.DataSource;
import java.nio.file.InvalidPathException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Understands the argument {@code DATA} of every command that has one. */
public final class DataSourceConverter implements ITypeConverter<DataSource> {
    /** What the help says of it. */
    public static final String FORMS =
            "Where the images are: cifar10:DIR, svhn:DIR, folder:DIR (class folders of PNG or JPEG images) or bundled.";

    DataSourceConverter() {}

    @Override
    public DataSource convert(String value) {
        try {
            return DataSource.parse(value);
        } catch (InvalidPathException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
