package dev.racnn.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Compares the time of several pieces of work in one process: they take turns, so that a machine whose speed drifts
 * treats them alike. Beside the time on the wall the processor time of all threads is taken, which shows work that a second
 * core hides.
 */
public final class Timings {
    private final Map<String, Piece> pieces = new LinkedHashMap<>();

    private record Piece(Runnable work, List<Turn> turns) {}

    /** What a piece of work took once, in seconds. */
    private record Turn(double wall, double processor) {}

    /** Adds a piece of work under a name. */
    public void add(String name, Runnable piece) {
        pieces.put(name, new Piece(piece, new ArrayList<>()));
    }

    /** The pieces of work, in the order in which they were added. */
    public Set<String> names() {
        return Collections.unmodifiableSet(pieces.keySet());
    }

    /**
     * Runs everything once unmeasured, then the given number of measured rounds.
     *
     * @param rounds at least 1
     */
    public void run(int rounds) {
        pieces.values().forEach(piece -> piece.work.run());
        for (int round = 0; round < rounds; round++) {
            pieces.values().forEach(piece -> piece.turns.add(measure(piece.work)));
        }
    }

    private static Turn measure(Runnable work) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long processor = system.getProcessCpuTime();
        long wall = System.nanoTime();
        work.run();
        return new Turn((System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - processor) / 1e9);
    }

    /** Median, smallest and largest time of a piece of work in seconds. */
    public Spread seconds(String name) {
        return Spread.of(measured(name, Turn::wall));
    }

    /** Time of one piece as a multiple of another's, round by round. */
    public Spread ratio(String name, String other) {
        return ratio(name, other, Turn::wall);
    }

    /** Processor time of one piece as a multiple of another's, round by round. */
    public Spread processorRatio(String name, String other) {
        return ratio(name, other, Turn::processor);
    }

    private Spread ratio(String name, String other, ToDoubleFunction<Turn> time) {
        double[] ratios = measured(name, time);
        double[] others = measured(other, time);
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] /= others[i];
        }
        return Spread.of(ratios);
    }

    private double[] measured(String name, ToDoubleFunction<Turn> time) {
        return Objects.requireNonNull(pieces.get(name), name).turns.stream()
                .mapToDouble(time)
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
