package dev.racnn.adaptive;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.ThreatModel;
import dev.racnn.racnn.WhiteBox;
import java.util.Arrays;
import java.util.Optional;

/**
 * The attack with guide samples of Sitawarin and Wagner (2020, version 2): away from candidates of the true class and towards those
 * of the nearest wrong one until K of these are neighbours, at a constant that a search finds for each example. To their loss comes the
 * margin of the attacked model itself.
 *
 * <p>In LINF the ball is the box that pixels are kept in; in L2 the squared distance is part of the loss, and the nearest point is looked for.
 *
 * @param budget an example is finished once a point within it is adversarial
 * @param settings the rest
 * @param start where each descent begins
 */
record GuideSamples(ThreatModel budget, Settings settings, Start start) implements Attack {
    /** Begins at the nearest candidate of a wrong class. */
    GuideSamples(ThreatModel budget, Settings settings) {
        this(budget, settings, new NearestCandidates(1));
    }

    /**
     * Settings.
     *
     * @param searches how many constants are tried, at least 1
     * @param steps of RMSprop with each of them, at least 1
     * @param refresh after how many steps guides are looked for anew, at least 1
     * @param guides how many there are of both kinds together, at least 2
     * @param rate learning rate, positive
     */
    record Settings(int searches, int steps, int refresh, int guides, double rate) {
        /** 5 constants, 500 steps of rate 0.01, 100 guides looked for every 100 steps. */
        static final Settings PAPER = new Settings(5, 500, 100, 100, 1e-2);

        Settings {
            if (searches < 1 || steps < 1 || refresh < 1 || guides < 2 || !(rate > 0)) {
                throw new IllegalArgumentException(
                        "searches, steps and refresh must be at least 1, guides at least 2 and rate positive, but are %s, %s, %s, %s and %s"
                                .formatted(searches, steps, refresh, guides, rate));
            }
        }

        /** The same with other steps, guides being looked for five times. */
        Settings withSteps(int count) {
            return new Settings(searches, count, Math.ceilDiv(count, 5), guides, rate);
        }

        /**
         * How many guides of each kind an example keeps that a search of this number has broken: fewer from search to search, down to a
         * majority of the neighbours.
         */
        int kept(int search, int neighbours) {
            int least = (neighbours + 1) / 2;
            int most = Math.max(guides / 2, least + 1);
            return (int) Math.ceil(least + (double) (most - least) * (searches - search - 1) / searches);
        }
    }

    @Override
    public String name() {
        return "guides";
    }

    @Override
    public Distance distance() {
        return budget.norm().distance();
    }

    /** In L2 points beyond the budget tell the search that its constant is large enough. */
    @Override
    public Optional<ThreatModel> threatModel() {
        return budget.norm() == Norm.LINF ? Optional.of(budget) : Optional.empty();
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        WhiteBox box = KnownRacnn.behind(model.path());
        double[] constants = new double[batch.size()];
        double[] lower = new double[batch.size()];
        double[] upper = new double[batch.size()];
        int[] kept = new int[batch.size()];
        Arrays.fill(constants, 1);
        Arrays.fill(upper, Double.POSITIVE_INFINITY);
        Arrays.fill(kept, settings.guides() / 2);
        for (int search = 0; search < settings.searches(); search++) {
            try (GuidedDescent descent = new GuidedDescent(this, box, batch, model, constants, kept)) {
                boolean[] found = descent.run(search);
                for (int row = 0; row < found.length; row++) {
                    if (found[row]) {
                        upper[row] = constants[row];
                        kept[row] = settings.kept(search, box.neighbours());
                    } else {
                        lower[row] = constants[row];
                    }
                    constants[row] = next(constants[row], lower[row], upper[row]);
                }
            }
        }
    }

    /** Ten times as much until something is found, a tenth as long as everything is, and otherwise halfway. */
    static double next(double constant, double lower, double upper) {
        if (Double.isInfinite(upper)) {
            return constant * 10;
        }
        return lower == 0 ? constant / 10 : (lower + upper) / 2;
    }
}
