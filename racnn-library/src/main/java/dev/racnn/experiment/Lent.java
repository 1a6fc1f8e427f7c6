package dev.racnn.experiment;

import dev.racnn.data.Preprocessing;
import dev.racnn.training.BackboneFiles;
import dev.racnn.training.Training;
import dev.racnn.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The bundles that a training takes networks of.
 *
 * @param extractor whose phi' and g' to take; null to train them too
 * @param baseline whose phi and g to begin with; null to begin otherwise
 * @param backbone whose phi stays as it is; null to train one
 */
public record Lent(
        @Nullable Path extractor,
        @Nullable Path baseline,
        @Nullable Path backbone) {
    /** What the images of the training are made by. */
    Preprocessing preprocessing(TrainingSettings settings) throws IOException {
        return backbone == null ? settings.preprocessing() : files(backbone).preprocessing(settings);
    }

    /** Trains to the end. */
    public void train(Training training, boolean resume) throws IOException {
        if (backbone == null) {
            training.run(resume, extractor, baseline);
        } else {
            training.runFrozen(resume, files(backbone));
        }
    }

    private static BackboneFiles files(Path backbone) {
        return new BackboneFiles(backbone, null, null, null);
    }
}
