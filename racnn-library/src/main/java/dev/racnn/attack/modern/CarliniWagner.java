package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Start;
import dev.racnn.attack.Starts;

/**
 * Carlini and Wagner's attack in L2 (2017): Adam on the squared distance plus a constant times how far the margin falls short
 * of the wanted confidence, in a space where every point is within the bounds, and a search for the constant (Foolbox 3.3.4).
 *
 * <p>Every example has a constant, a progress check and an end of its own, so that it does not matter which others share its
 * batch.
 *
 * @param settings constants and steps
 * @param objective whose gradient is followed; how far the confidence is missed is for the attacked classifier's margin to say
 * @param start where each descent begins
 */
public record CarliniWagner(Settings settings, Objective objective, Start start) implements Attack {
    /** Climbs the margin from the image. */
    public CarliniWagner(Settings settings) {
        this(settings, Objectives.MARGIN, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param searches how many constants are tried, at least 1
     * @param steps of Adam with each of them, at least 1
     * @param rate learning rate of Adam, positive
     * @param confidence by how much the wrong logit has to be ahead for a point to count, not negative
     * @param constant the first one, positive
     */
    public record Settings(int searches, int steps, double rate, double confidence, double constant) {
        /** 9 constants from 0.001, 10,000 steps of rate 0.01, confidence 0. */
        public static final Settings MODERN = new Settings(9, 10_000, 1e-2, 0, 1e-3);

        public Settings {
            if (searches < 1 || steps < 1) {
                throw new IllegalArgumentException(
                        "searches and steps of cw must be at least 1, but are " + searches + " and " + steps);
            }
            if (!(rate > 0) || !(confidence >= 0) || !(constant > 0)) {
                throw new IllegalArgumentException(
                        "rate and constant of cw must be positive and confidence at least 0, but they are %s, %s and %s"
                                .formatted(rate, constant, confidence));
            }
        }
    }

    @Override
    public String name() {
        return "cw";
    }

    @Override
    public Distance distance() {
        return Distance.L2;
    }

    @Override
    public double confidence() {
        return settings.confidence();
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        ConstantSearch search = new ConstantSearch(batch.size(), settings.constant(), settings.searches());
        for (int number = 0; number < settings.searches(); number++) {
            try (Descent descent = new Descent(this, batch, model, search.constants(number))) {
                search.tell(descent.run(number));
            }
        }
    }
}
