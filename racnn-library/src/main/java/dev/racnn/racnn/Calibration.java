package dev.racnn.racnn;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.retrieval.Neighbours;
import dev.racnn.tensor.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongToIntFunction;

/**
 * What is usual in a candidate set: how far candidates lie from their own neighbours, themselves excluded. An image of the
 * same distribution lies about as far from its neighbours, so its percentile is uniform, whatever the set and K.
 *
 * @param sorted for each K from 1 on, the mean distances between the features of the sampled candidates and those of their K
 *     neighbours, in ascending order
 */
public record Calibration(double[][] sorted) {
    private static final int SAMPLE = 1000;
    private static final int BATCH = 100;

    /**
     * Measures up to 1,000 candidates.
     *
     * @param candidates at least two
     * @param largestK largest number of neighbours that will be asked about
     */
    public static Calibration of(CandidateSnapshot candidates, int largestK, Seed seed) {
        long[] ids =
                sample(candidates.ids().toArray(), seed.derive("calibration").random());
        int k = Math.min(largestK, candidates.size() - 1);
        double[][] means = new double[k][ids.length];
        for (int start = 0; start < ids.length; start += BATCH) {
            int count = Math.min(BATCH, ids.length - start);
            float[] keys = new float[count * candidates.dimension()];
            for (int i = 0; i < count; i++) {
                float[] key = candidates.candidate(ids[start + i]).key();
                System.arraycopy(key, 0, keys, i * key.length, key.length);
            }
            Neighbours found = candidates.search(keys, k + 1);
            for (int i = 0; i < count; i++) {
                measure(candidates, ids[start + i], found, i, means, start + i);
            }
        }
        for (double[] ofOneK : means) {
            Arrays.sort(ofOneK);
        }
        return new Calibration(means);
    }

    /**
     * The evidence for one answer.
     *
     * @param why at most as many neighbours as were calibrated for, or else the last calibration is used
     * @param image which of its images
     * @param labels of candidates, by id
     */
    public Evidence evidence(Explanation why, int image, LongToIntFunction labels) {
        int k = why.neighbours().k();
        int label = why.label(image);
        double distance = 0;
        double agreement = 0;
        for (int rank = 0; rank < k; rank++) {
            distance += why.featureDistance(image, rank) / k;
            boolean agrees = labels.applyAsInt(why.neighbours().id(image, rank)) == label;
            agreement += agrees ? why.weight(image, rank) : 0;
        }
        // Weights are rounded, and may add up to a little more.
        return new Evidence(distance, percentile(distance, k), Math.min(1, agreement));
    }

    /** Share of the candidates, in [0, 100], whose mean distance to their k neighbours is smaller. */
    double percentile(double distance, int k) {
        double[] known = sorted[Math.min(k, sorted.length) - 1];
        int place = Arrays.binarySearch(known, distance);
        place = place < 0 ? -place - 1 : place;
        while (place > 0 && known[place - 1] == distance) {
            place--;
        }
        return 100.0 * place / known.length;
    }

    /** Mean distances of one candidate, which is not its own neighbour. */
    private static void measure(
            CandidateSnapshot candidates, long id, Neighbours found, int query, double[][] means, int column) {
        int d = candidates.layout().featureDimension();
        float[] own = new float[d];
        float[] other = new float[d];
        candidates.copyFeature(id, own, 0);
        double sum = 0;
        int taken = 0;
        for (int rank = 0; rank < found.k() && taken < means.length; rank++) {
            if (found.id(query, rank) != id) {
                candidates.copyFeature(found.id(query, rank), other, 0);
                sum += distance(own, other);
                means[taken++][column] = sum / taken;
            }
        }
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    private static long[] sample(long[] ids, SplittableRandom random) {
        int count = Math.min(SAMPLE, ids.length);
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i, ids.length);
            long moved = ids[i];
            ids[i] = ids[other];
            ids[other] = moved;
        }
        return Arrays.copyOf(ids, count);
    }
}
