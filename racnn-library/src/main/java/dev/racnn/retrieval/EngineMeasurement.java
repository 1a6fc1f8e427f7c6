package dev.racnn.retrieval;

import java.util.List;

/**
 * What a benchmark found out about an engine. Speeds are per second of one thread's processor time.
 *
 * @param engine the engine and its settings
 * @param buildSeconds processor time of building it with one thread
 * @param heapBytes heap that it holds, the keys not included; negative differences count as 0
 * @param quality its answers compared with the true neighbours
 * @param singleQueriesPerSecond speed when every query is a search of its own
 * @param batchQueriesPerSecond speed in batches
 */
public record EngineMeasurement(
        String engine,
        double buildSeconds,
        long heapBytes,
        RetrievalQuality quality,
        double singleQueriesPerSecond,
        double batchQueriesPerSecond) {
    /** The measurements that no other one surpasses in both recall and batch speed, in the order given. */
    public static List<EngineMeasurement> frontier(List<EngineMeasurement> measurements) {
        return measurements.stream()
                .filter(one -> measurements.stream().noneMatch(other -> other.surpasses(one)))
                .toList();
    }

    private boolean surpasses(EngineMeasurement other) {
        double recall = quality.recall();
        double otherRecall = other.quality.recall();
        return recall >= otherRecall
                && batchQueriesPerSecond >= other.batchQueriesPerSecond
                && (recall > otherRecall || batchQueriesPerSecond > other.batchQueriesPerSecond);
    }
}
