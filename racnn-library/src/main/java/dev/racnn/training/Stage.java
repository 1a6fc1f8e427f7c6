package dev.racnn.training;

import dev.racnn.training.TrainingSettings.Optimisation;
import java.util.Locale;

/** What is trained by itself. */
enum Stage {
    /** phi' with g'. */
    EXTRACTOR,
    /** phi with g. */
    BASELINE,
    /** phi, g and U around retrieval with phi'. */
    RACNN;

    /** Name of the settings that say how this stage is optimised. */
    String group() {
        return this == EXTRACTOR ? "extractor" : "training";
    }

    Optimisation of(TrainingSettings settings) {
        return this == EXTRACTOR ? settings.extractor() : settings.training();
    }

    /** As the log and the checkpoints call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
