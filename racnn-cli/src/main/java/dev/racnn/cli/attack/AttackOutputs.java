package dev.racnn.cli.attack;

import dev.racnn.cli.options.Inputs;
import dev.racnn.cli.terminal.Interruption;
import dev.racnn.files.AtomicFile;
import dev.racnn.report.AdversarialImages;
import dev.racnn.report.AttackCurve;
import dev.racnn.report.AttackReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where {@code racnn attack} writes what the attack achieved. */
final class AttackOutputs {
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", required = true, description = "Where to write the result.")
    private Path json;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Also writes the adversarial images, as PNG and as one adversarial.npy; with several budgets,"
                    + " into a folder for each.")
    private @Nullable Path images;

    @Option(
            names = "--curve",
            paramLabel = "FILE",
            description = "Also draws accuracy against perturbation: FILE.svg, or FILE.csv for the numbers.")
    private @Nullable Path curve;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Keeps finished images here; the same command goes on from it after an interruption.")
    private @Nullable Path journal;

    AttackOutputs() {}

    /** Finds out before the attack what would lose its results, or something else. */
    void check(Inputs inputs) throws IOException {
        if (curve != null && !AttackCurve.isKnown(curve)) {
            throw new ParameterException(
                    spec.commandLine(), "--curve must end in .svg or .csv, but is '%s'".formatted(curve));
        }
        List<Path> files = Stream.of(
                        json, curve, journal, images == null ? null : images.resolve(AdversarialImages.ARRAY))
                .flatMap(Stream::ofNullable)
                .toList();
        inputs.refuse(files);
        for (Path file : files) {
            AtomicFile.requireWritable(file);
        }
    }

    /** Where finished images are kept, if they are; says so where the attack is interrupted. */
    @Nullable
    Path journal() {
        if (journal != null) {
            Interruption.keeps("start the same command again to go on");
        }
        return journal;
    }

    /** Whether pictures are wanted. */
    boolean hasImages() {
        return images != null;
    }

    /**
     * Writes what was asked for.
     *
     * @param title of the curve
     */
    void write(AttackReport report, String title) throws IOException {
        report.write(json);
        if (images != null) {
            AdversarialImages.write(report.sweep(), images);
        }
        if (curve != null) {
            AttackCurve.write(report.curve(), title, curve);
        }
    }

    /** The file that has the result. */
    Path json() {
        return json;
    }
}
