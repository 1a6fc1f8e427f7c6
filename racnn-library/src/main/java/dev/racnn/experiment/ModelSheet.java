package dev.racnn.experiment;

import dev.racnn.evaluation.Retrieval;
import dev.racnn.evaluation.Subject;
import dev.racnn.training.EpochRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a model beside its results.
 *
 * @param name in tables
 * @param formula what it computes
 * @param identity what its results depend on: checksums of weights and candidates, precision, K, engine
 * @param surrogate name of the model that Scenario 2 takes its gradients from; null if there is none
 * @param retrieval whether it looks up neighbours
 * @param configuration every setting that it was trained with, by name
 * @param training log of its training, empty if there is none
 */
public record ModelSheet(
        String name,
        String formula,
        String identity,
        @Nullable String surrogate,
        boolean retrieval,
        Map<String, String> configuration,
        List<EpochRecord> training) {
    public ModelSheet {
        training = List.copyOf(training);
    }

    static ModelSheet of(Subject subject) {
        Subject surrogate = subject.surrogate();
        Retrieval retrieval = subject.retrieval();
        return new ModelSheet(
                subject.name(),
                subject.formula(),
                subject.identity(),
                surrogate == null ? null : surrogate.name(),
                retrieval != null,
                subject.configuration(),
                subject.training());
    }
}
