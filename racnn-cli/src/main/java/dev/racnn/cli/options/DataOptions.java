package dev.racnn.cli.options;

import dev.racnn.data.DataSource;
import picocli.CommandLine.Option;

/** The option {@code --data} of the commands that do nothing without images. */
public final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "DATA",
            required = true,
            converter = DataSourceConverter.class,
            description = DataSourceConverter.FORMS)
    private DataSource data;

    DataOptions() {}

    /** The images. */
    public DataSource source() {
        return data;
    }
}
