package dev.racnn.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the time of several pieces of work in one process: they take turns, so that a machine whose speed drifts
 * treats them alike.
 */
public final class Timings {
    private final Map<String, Runnable> work = new LinkedHashMap<>();
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    /** Adds a piece of work under a name. */
    public void add(String name, Runnable piece) {
        work.put(name, piece);
        seconds.put(name, new ArrayList<>());
    }

    /** Runs everything once unmeasured, then the given number of measured rounds. */
    public void run(int rounds) {
        work.values().forEach(Runnable::run);
        for (int round = 0; round < rounds; round++) {
            work.forEach((name, piece) -> {
                long start = System.nanoTime();
                piece.run();
                seconds.computeIfAbsent(name, _ -> new ArrayList<>()).add((System.nanoTime() - start) / 1e9);
            });
        }
    }

    /** Median, smallest and largest time of a piece of work in seconds. */
    public Spread seconds(String name) {
        return Spread.of(measured(name));
    }

    /** Time of one piece as a multiple of another's, round by round. */
    public Spread ratio(String name, String other) {
        double[] ratios = measured(name);
        double[] others = measured(other);
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] /= others[i];
        }
        return Spread.of(ratios);
    }

    private double[] measured(String name) {
        return seconds.getOrDefault(name, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** Median, smallest and largest of some measurements. */
    public record Spread(double median, double min, double max) {
        static Spread of(double[] values) {
            Arrays.sort(values);
            return new Spread(values[values.length / 2], values[0], values[values.length - 1]);
        }
    }
}
