package dev.racnn.experiment;

import dev.racnn.Part;
import dev.racnn.racnn.HullWeights;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.training.TrainingSettings;
import dev.racnn.training.TrainingSettings.ModelKind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model of an experiment: a finished bundle, or the settings to train one with, or both, where the bundle is taken if it is
 * there and must have been trained with these settings; or a TorchScript file.
 *
 * @param name in tables and folders: letters, digits, blanks and {@code . _ + -}
 * @param bundle folder of the finished bundle, or a TorchScript file; null to train one
 * @param settings of the training; null for what is taken as it is
 * @param extractor whose phi' and g' a RaCNN takes instead of training its own: the name of a model above it; null for its own
 * @param baseline whose phi and g a RaCNN begins with, where its settings ask for that: the name of a model above it; or null
 * @param backbone whose phi stays as it is and serves as phi' too, while g and U are trained: the name of a baseline above it;
 *     or null
 * @param candidates which share of D' it answers with, taken in turn
 * @param attacker the RaCNN above it that white-box attacks know in its place, such as one with other candidates; null for itself
 * @param neighbours K at answering time; null for that of the training
 * @param engine retrieval engine at answering time
 * @param projection what makes the point of the hull at answering time
 * @param frozenNeighbours whether attacked points keep the neighbours of the unperturbed image
 * @param listed whether it stands in the tables; others are there for their phi'
 */
public record ModelEntry(
        String name,
        @Nullable Path bundle,
        @Nullable TrainingSettings settings,
        @Nullable String extractor,
        @Nullable String baseline,
        @Nullable String backbone,
        Part candidates,
        @Nullable String attacker,
        @Nullable Integer neighbours,
        EngineFactory engine,
        HullWeights.Kind projection,
        boolean frozenNeighbours,
        boolean listed) {
    private static final String NAMES = "[A-Za-z0-9][A-Za-z0-9 ._+-]*";

    public ModelEntry {
        if (!name.matches(NAMES)) {
            throw new IllegalArgumentException(
                    "the name of a model must be letters, digits, blanks and . _ + -, for it is that of a folder too, but is '%s'"
                            .formatted(name));
        }
        if (bundle == null && settings == null) {
            throw new IllegalArgumentException(
                    "model '%s' must have a bundle, or settings to train one with, but has neither".formatted(name));
        }
        if (settings != null && isFile(bundle)) {
            throw new IllegalArgumentException(
                    "model '%s' is a TorchScript file, which is never trained; leave its settings out".formatted(name));
        }
        if (backbone != null && (extractor != null || baseline != null)) {
            throw new IllegalArgumentException(
                    "model '%s' has a backbone, which excludes an extractor and a baseline; leave these out"
                            .formatted(name));
        }
    }

    /** Whether it is a TorchScript file, from which nothing can be borrowed. */
    boolean isTorchScript() {
        return isFile(bundle);
    }

    private static boolean isFile(@Nullable Path bundle) {
        return bundle != null && Files.isRegularFile(bundle);
    }

    /** Whether it is known to look up no neighbours: a TorchScript file, or a model with the settings of a baseline. */
    boolean isPlain() {
        return isTorchScript() || (settings != null && settings.model() == ModelKind.BASELINE);
    }

    /**
     * Checks that nothing is said about neighbours, for a model that looks up none.
     *
     * @throws IllegalArgumentException if something is
     */
    void requireNothingOfNeighbours() {
        boolean asked = neighbours != null || !engine.findsAll() || projection != HullWeights.Kind.LEARNED;
        if (asked || frozenNeighbours || attacker != null || !candidates.equals(Part.WHOLE)) {
            throw new IllegalArgumentException(
                    "model '%s' looks up no neighbours; leave candidates, attacker, neighbours, engine, projection and frozenNeighbours out"
                            .formatted(name));
        }
    }
}
