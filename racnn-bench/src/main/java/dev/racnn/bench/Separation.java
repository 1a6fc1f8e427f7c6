package dev.racnn.bench;

import dev.racnn.racnn.Evidence;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well the evidence of answers tells one kind of images from clean ones.
 *
 * @param images how many of the kind there are
 * @param percentile median percentile of their distance to the neighbours
 * @param agreement median agreement of the neighbours' labels, by weight
 * @param byDistance told apart by the distance to the neighbours, which is larger for them
 * @param byAgreement told apart by the agreement, which is smaller for them
 */
public record Separation(int images, double percentile, double agreement, Roc byDistance, Roc byAgreement) {
    /** Compares the evidence of a kind of images with that of clean ones. Without any, all is NaN. */
    public static Separation of(List<Evidence> clean, List<Evidence> others) {
        return new Separation(
                others.size(),
                median(values(others, Evidence::percentile)),
                median(values(others, Evidence::agreement)),
                Roc.of(values(clean, Evidence::distance), values(others, Evidence::distance)),
                Roc.of(
                        values(clean, evidence -> -evidence.agreement()),
                        values(others, evidence -> -evidence.agreement())));
    }

    /**
     * A receiver operating characteristic: a threshold on a value tells images apart, the larger ones being those to be caught.
     *
     * @param area under the curve: the chance that an image to be caught has a larger value than a clean one, ties counting half; 0.5
     *     tells nothing, 1 tells all
     * @param caughtAt1 share caught where at most 1 % of the clean ones are caught as well
     * @param caughtAt5 the same where at most 5 % are
     * @param caughtAt10 the same where at most 10 % are
     */
    public record Roc(double area, double caughtAt1, double caughtAt5, double caughtAt10) {
        static Roc of(double[] clean, double[] others) {
            return new Roc(
                    area(clean, others),
                    caught(clean, others, 0.01),
                    caught(clean, others, 0.05),
                    caught(clean, others, 0.1));
        }

        private static double area(double[] clean, double[] others) {
            double larger = 0;
            for (double other : others) {
                for (double known : clean) {
                    larger += known < other ? 1 : known == other ? 0.5 : 0;
                }
            }
            return larger / clean.length / others.length;
        }

        private static double caught(double[] clean, double[] others, double mistaken) {
            double[] sorted = clean.clone();
            Arrays.sort(sorted);
            double threshold = sorted[sorted.length - 1 - (int) (mistaken * sorted.length)];
            return (double) Arrays.stream(others)
                            .filter(value -> value > threshold)
                            .count()
                    / others.length;
        }
    }

    private static double[] values(List<Evidence> all, ToDoubleFunction<Evidence> value) {
        return all.stream().mapToDouble(value).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
