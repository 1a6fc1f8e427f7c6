package dev.racnn.evaluation;

import dev.racnn.racnn.RetrievalAugmentedClassifier;
import dev.racnn.racnn.StoredCandidates;

/**
 * The retrieval part of a model under evaluation.
 *
 * @param classifier the model
 * @param candidates D'
 * @param engine the retrieval engine with its settings, for reports
 * @param recall share of the true K nearest candidates that it returns, in [0, 1]
 * @param recallQueries how many queries that was measured on; 0 if the engine is exact by construction
 */
public record Retrieval(
        RetrievalAugmentedClassifier classifier,
        StoredCandidates candidates,
        String engine,
        double recall,
        int recallQueries) {
    public Retrieval {
        if (!(recall >= 0 && recall <= 1)) {
            throw new IllegalArgumentException("recall must be in [0, 1], but is " + recall);
        }
    }

    /** Retrieval with an engine that is exact by construction. */
    public static Retrieval exact(RetrievalAugmentedClassifier classifier, StoredCandidates candidates, String engine) {
        return new Retrieval(classifier, candidates, engine, 1, 0);
    }
}
