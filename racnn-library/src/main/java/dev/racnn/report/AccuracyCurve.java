package dev.racnn.report;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Outcome;
import dev.racnn.evaluation.BudgetResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Accuracy against the size of the perturbations that one attack may make.
 *
 * @param norm in which perturbations are measured
 * @param stepped whether accuracy is known at every size and holds until the next point; otherwise it is known at the points
 *     alone
 * @param examples how many images it is about
 * @param points ascending, from the accuracy without perturbations on
 */
public record AccuracyCurve(Norm norm, boolean stepped, int examples, List<Point> points) {
    public AccuracyCurve {
        points = List.copyOf(points);
    }

    /**
     * A point of the curve.
     *
     * @param size of the perturbations allowed, in the units of the pixels
     * @param msd the same as a mean squared distance over the squared bounds; NaN where that is another quantity
     * @param robust how many of the images no perturbation of that size overcame
     */
    public record Point(double size, double msd, int robust) {}

    /** Share of the images that are robust at a point, in [0, 1]. */
    public double accuracy(Point point) {
        return point.robust() / (double) examples;
    }

    /** From the nearest adversarial point of each image, in the distance that the attack minimised. */
    static AccuracyCurve nearest(AttackResult result, Distance objective) {
        Norm norm = objective.norm();
        List<Outcome> nearest = result.outcomes().stream()
                .sorted(Comparator.comparingDouble(outcome -> outcome.distance(objective)))
                .toList();
        int n = nearest.size();
        List<Point> points = new ArrayList<>();
        int beyond = skip(nearest, objective, 0, 0);
        points.add(new Point(0, norm == Norm.L2 ? 0 : Double.NaN, n - beyond));
        while (beyond < n && nearest.get(beyond).success()) {
            Outcome outcome = nearest.get(beyond);
            beyond = skip(nearest, objective, outcome.distance(objective), beyond);
            points.add(new Point(
                    outcome.distance(norm.distance()), norm == Norm.L2 ? outcome.msd() : Double.NaN, n - beyond));
        }
        return new AccuracyCurve(norm, true, n, points);
    }

    /** The first position whose distance is beyond a threshold. */
    private static int skip(List<Outcome> ascending, Distance objective, double threshold, int from) {
        int position = from;
        while (position < ascending.size()
                && !Distance.isBeyond(ascending.get(position).distance(objective), threshold)) {
            position++;
        }
        return position;
    }

    /**
     * From an attack that was run at several budgets of one norm.
     *
     * @param budgets at least one
     */
    static AccuracyCurve within(List<BudgetResult> budgets) {
        List<Outcome> outcomes = budgets.getFirst().result().worstCase().outcomes();
        Distance distance = budgets.getFirst().threatModel().norm().distance();
        long unperturbed = outcomes.stream()
                .filter(outcome -> Distance.isBeyond(outcome.distance(distance), 0))
                .count();
        List<Point> points = new ArrayList<>();
        points.add(new Point(0, Double.NaN, (int) unperturbed));
        budgets.stream()
                .map(budget -> new Point(budget.threatModel().epsilon(), Double.NaN, budget.robustCount()))
                .sorted(Comparator.comparingDouble(Point::size))
                .forEach(points::add);
        return new AccuracyCurve(distance.norm(), false, outcomes.size(), points);
    }
}
