package dev.racnn.cli.bench;

import dev.racnn.bench.Timings;
import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options of the commands that compare pieces of work which take turns. */
final class ComparisonOptions {
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Measured rounds; ${DEFAULT-VALUE} by default.")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the measurements as JSON.")
    private @Nullable Path json;

    ComparisonOptions() {}

    /**
     * Where the pieces of work are added.
     *
     * @throws ParameterException if there are no rounds
     * @throws IOException if the measurements could not be written
     */
    Timings timings() throws IOException {
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds must be at least 1, but is " + rounds);
        }
        if (json != null) {
            AtomicFile.requireWritable(json);
        }
        return new Timings();
    }

    /**
     * Measures, and tells what came out.
     *
     * @param images that each piece of work goes through
     * @param base the piece that the others are compared with
     * @param title stands above the names of the pieces
     */
    void run(Timings timings, int images, String base, String title) throws IOException {
        timings.run(rounds);
        TimingsTable table = new TimingsTable(timings, images, base);
        table.print(spec.commandLine().getOut(), title);
        if (json != null) {
            table.write(json);
        }
    }
}
