package dev.racnn.evaluation;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.racnn.WhiteBox;
import org.jspecify.annotations.Nullable;

/**
 * The retrieval part of a model under evaluation.
 *
 * @param classifier the model as it is served
 * @param box what white-box attacks know, in the precision in which they search: the model from inside, or another in its place
 * @param candidates D'
 * @param engine the retrieval engine with its settings, for reports
 * @param reference the same model with exact search, which recall is measured against; null if the engine is exact by
 *     construction
 */
public record Retrieval(
        RetrievalAugmentedClassifier classifier,
        WhiteBox box,
        CandidateSnapshot candidates,
        String engine,
        @Nullable RetrievalAugmentedClassifier reference) {
    /** The same, of which somebody knows another model from inside. */
    Retrieval knownAs(WhiteBox other) {
        return new Retrieval(classifier, other, candidates, engine, reference);
    }
}
