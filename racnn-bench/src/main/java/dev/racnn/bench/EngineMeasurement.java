package dev.racnn.bench;

import dev.racnn.retrieval.RetrievalQuality;
import java.util.List;
import java.util.function.ToDoubleFunction;

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
        return frontier(measurements, EngineMeasurement::batchQueriesPerSecond);
    }

    /** The measurements that no other one surpasses in both recall and the given speed, in the order given. */
    public static List<EngineMeasurement> frontier(
            List<EngineMeasurement> measurements, ToDoubleFunction<EngineMeasurement> speed) {
        return measurements.stream()
                .filter(one -> measurements.stream().noneMatch(other -> other.surpasses(one, speed)))
                .toList();
    }

    private boolean surpasses(EngineMeasurement other, ToDoubleFunction<EngineMeasurement> speed) {
        int recalls = Double.compare(quality.recall(), other.quality.recall());
        int speeds = Double.compare(speed.applyAsDouble(this), speed.applyAsDouble(other));
        return recalls >= 0 && speeds >= 0 && recalls + speeds > 0;
    }
}
