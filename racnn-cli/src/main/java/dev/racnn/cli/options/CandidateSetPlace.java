package dev.racnn.cli.options;

import dev.racnn.Spelling;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.racnn.Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --model} of the commands that show or change a candidate set. */
public final class CandidateSetPlace {
    @Option(
            names = "--model",
            paramLabel = "BUNDLE",
            required = true,
            description = "The bundle whose candidate set is meant, or the folder of a candidate set itself.")
    private Path model;

    CandidateSetPlace() {}

    /** The folder of the bundle. */
    public Path model() {
        return model;
    }

    /** The folder of the candidate set. */
    public Path folder() {
        return in(model);
    }

    /** The folder of the candidate set of a bundle, or that folder itself. */
    public static Path in(Path place) {
        Path inBundle = place.resolve(Bundle.CANDIDATES);
        return Files.isDirectory(inBundle) ? inBundle : place;
    }

    /**
     * The label of a class name.
     *
     * @throws IllegalArgumentException if no class has this name
     */
    public static int label(CandidateLayout layout, String className) {
        int label = layout.classNames().indexOf(className);
        if (label < 0) {
            String suggestion = Spelling.suggestion(className, layout.classNames());
            throw new IllegalArgumentException("no class is named '%s'%s"
                    .formatted(className, suggestion.isEmpty() ? "; `index info` lists the classes" : suggestion));
        }
        return label;
    }
}
