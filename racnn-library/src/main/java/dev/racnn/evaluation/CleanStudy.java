package dev.racnn.evaluation;

import dev.racnn.attack.Criterion;
import dev.racnn.data.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * What unperturbed images say about a model.
 *
 * @param clean accuracy
 * @param quality of the neighbours; null for a model that looks up none
 */
public record CleanStudy(Proportion clean, @Nullable NeighbourQuality quality) {
    /**
     * Looks at all images of a data set.
     *
     * @param mistake what counts as one
     */
    public static CleanStudy of(Subject subject, Dataset data, Criterion mistake) {
        Retrieval retrieval = subject.retrieval();
        return retrieval == null
                ? new CleanStudy(CleanAccuracy.of(subject.classifier(), data, mistake), null)
                : new Neighbourhoods(retrieval).study(data, mistake);
    }
}
