package dev.racnn.retrieval;

import java.util.HashSet;
import java.util.Set;

/**
 * How near an engine's neighbours come to the true ones.
 *
 * @param queries number of queries compared
 * @param k neighbours per query
 * @param recall recall@k: the fraction of the true k nearest that were found, in [0, 1]
 * @param distanceRatio mean over queries and ranks of found distance / true distance, at least 1; ranks whose true
 *     distance is 0 are left out
 */
public record RetrievalQuality(int queries, int k, double recall, double distanceRatio) {
    /**
     * Compares neighbours with those of an exact engine.
     *
     * @throws IllegalArgumentException if the two are not of the same shape or there is no query
     */
    public static RetrievalQuality of(Neighbours found, Neighbours truth) {
        if (found.queries() != truth.queries() || found.k() != truth.k() || truth.queries() == 0) {
            throw new IllegalArgumentException(
                    "neighbours [%s, %s] cannot be compared with true neighbours [%s, %s]; search both with the same queries and k"
                            .formatted(found.queries(), found.k(), truth.queries(), truth.k()));
        }
        long hits = 0;
        double ratios = 0;
        int compared = 0;
        for (int query = 0; query < truth.queries(); query++) {
            Set<Long> nearest = new HashSet<>();
            for (int rank = 0; rank < truth.k(); rank++) {
                nearest.add(truth.id(query, rank));
            }
            for (int rank = 0; rank < truth.k(); rank++) {
                if (nearest.contains(found.id(query, rank))) {
                    hits++;
                }
                float trueDistance = truth.squaredDistance(query, rank);
                if (trueDistance > 0) {
                    ratios += Math.sqrt((double) found.squaredDistance(query, rank) / trueDistance);
                    compared++;
                }
            }
        }
        return new RetrievalQuality(
                truth.queries(),
                truth.k(),
                hits / ((double) truth.queries() * truth.k()),
                compared == 0 ? 1 : ratios / compared);
    }
}
