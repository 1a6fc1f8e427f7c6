package dev.racnn.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long the rest of an experiment will take: by the cells of the same model and attack that are done, or else by those of
 * other models, or else by what attacks usually cost.
 */
final class Forecast {
    private final Map<String, Pace> paces = new HashMap<>();

    /** Seconds and images, or passes. */
    private record Pace(double seconds, double amount) {
        Pace plus(double moreSeconds, double more) {
            return new Pace(seconds + moreSeconds, amount + more);
        }

        double perUnit() {
            return seconds / amount;
        }
    }

    /** Learns from a cell that is done. */
    void learn(Cell cell, double seconds) {
        for (String key : List.of(exact(cell), kind(cell))) {
            add(key, seconds, cell.images());
        }
        add("", seconds, cell.images() * cell.passes());
    }

    private void add(String key, double seconds, double amount) {
        paces.merge(key, new Pace(seconds, amount), (pace, more) -> pace.plus(more.seconds, more.amount));
    }

    /** Seconds that some cells will take; NaN before anything was learnt. */
    double secondsOf(List<Cell> cells) {
        return cells.stream().mapToDouble(this::secondsOf).sum();
    }

    private double secondsOf(Cell cell) {
        for (String key : List.of(exact(cell), kind(cell))) {
            Pace pace = paces.get(key);
            if (pace != null) {
                return pace.perUnit() * cell.images();
            }
        }
        Pace whole = paces.get("");
        return whole == null ? Double.NaN : whole.perUnit() * cell.images() * cell.passes();
    }

    private static String exact(Cell cell) {
        return cell.model().name() + "/" + kind(cell);
    }

    private static String kind(Cell cell) {
        return switch (cell) {
            case Cell.Clean _ -> "clean/";
            case Cell.Attacked attacked ->
                attacked.attack().key() + "/" + attacked.scenario().code();
        };
    }
}
