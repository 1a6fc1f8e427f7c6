package dev.racnn.server.api;

import dev.racnn.data.ImageSize;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.server.image.Picture;
import dev.racnn.server.model.Verdict;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers, in the order of the images.
 *
 * @param results one for each image
 */
@Serdeable
record Classification(List<Result> results) {
    /**
     * The answer for one image.
     *
     * @param label the most probable class; null if the service abstains
     * @param abstained whether the image lies so far outside, or its neighbours agree so little, that there is no label
     * @param probabilities of every class
     * @param neighbours the candidates that the answer rests on, nearest first
     * @param evidence how well they speak for it
     * @param baseline the answer of the baseline; null if it was not asked for
     */
    @Serdeable
    record Result(
            @Nullable String label,
            boolean abstained,
            Map<String, Float> probabilities,
            List<Neighbour> neighbours,
            Evidence evidence,
            @Nullable Baseline baseline) {}

    /**
     * A candidate that was retrieved.
     *
     * @param id tells the candidate apart for good
     * @param label its class
     * @param distance Euclidean distance between the keys
     * @param weight attention weight, in [0, 1]; those of all neighbours sum to 1
     * @param thumbnail PNG file in base64; null if it was not asked for
     */
    @Serdeable
    record Neighbour(
            long id,
            String label,
            float distance,
            float weight,
            @Nullable @Schema(format = "byte") String thumbnail) {}

    /**
     * Whether the image looks like the candidate set at all.
     *
     * @param distance mean distance of its features to those of the neighbours
     * @param percentile share of candidates, in [0, 100], that lie nearer to their own neighbours
     * @param agreement attention weight, in [0, 1], of the neighbours that have the most probable class
     */
    @Serdeable
    record Evidence(double distance, double percentile, double agreement) {}

    /**
     * What the model without retrieval says.
     *
     * @param label the most probable class
     * @param probabilities of every class
     */
    @Serdeable
    record Baseline(String label, Map<String, Float> probabilities) {}

    /** Puts names to a verdict. */
    static Result result(Verdict verdict, BundleDescription model, boolean abstained) {
        List<String> classNames = model.classNames();
        dev.racnn.racnn.Evidence evidence = verdict.evidence();
        float[] baseline = verdict.baseline();
        return new Result(
                abstained ? null : classNames.get(verdict.label()),
                abstained,
                named(verdict.probabilities(), classNames),
                verdict.neighbours().stream()
                        .map(neighbour -> named(neighbour, model))
                        .toList(),
                new Evidence(evidence.distance(), evidence.percentile(), evidence.agreement()),
                baseline == null
                        ? null
                        : new Baseline(classNames.get(Verdict.mostProbable(baseline)), named(baseline, classNames)));
    }

    private static Neighbour named(Verdict.Neighbour neighbour, BundleDescription model) {
        byte[] pixels = neighbour.thumbnail();
        return new Neighbour(
                neighbour.id(),
                model.classNames().get(neighbour.label()),
                neighbour.distance(),
                neighbour.weight(),
                pixels == null ? null : Base64.getEncoder().encodeToString(png(pixels, model)));
    }

    /** A picture of the model's size as a PNG file. */
    static byte[] png(byte[] pixels, BundleDescription model) {
        ImageSize size = model.imageSize();
        return new Picture(pixels, size.height(), size.width()).png();
    }

    private static Map<String, Float> named(float[] probabilities, List<String> classNames) {
        Map<String, Float> named = new LinkedHashMap<>();
        IntStream.range(0, probabilities.length)
                .forEach(label -> named.put(classNames.get(label), probabilities[label]));
        return named;
    }
}
