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
 * The elastic-net attack (EAD; Chen et al., 2018): iterative shrinkage and thresholding on the squared distance plus a constant times how far
 * the margin falls short of the wanted confidence, which leaves most pixels as they are, and a search for the constant (Foolbox
 * 3.3.4, decision rule L1).
 *
 * @param settings constants and steps
 * @param objective whose gradient is followed; how far the confidence is missed is for the attacked classifier's margin to say
 * @param start where each descent begins
 */
public record Ead(Settings settings, Objective objective, Start start) implements Attack {
    /** Climbs the margin from the image. */
    public Ead(Settings settings) {
        this(settings, Objectives.MARGIN, Starts.IMAGE);
    }

    /**
     * Settings.
     *
     * @param searches how many constants are tried, at least 1
     * @param steps with each of them, at least 1
     * @param rate length of the first step, positive; it falls like a square root
     * @param confidence by how much the wrong logit has to be ahead for a point to count, not negative
     * @param constant the first one, positive
     * @param shrinkage changes of a pixel up to this are undone, not negative
     */
    public record Settings(int searches, int steps, double rate, double confidence, double constant, double shrinkage) {
        /** 9 constants from 0.001, 10,000 steps from 0.01, confidence 0, shrinkage 0.01. */
        public static final Settings MODERN = new Settings(9, 10_000, 1e-2, 0, 1e-3, 1e-2);

        public Settings {
            if (searches < 1 || steps < 1) {
                throw new IllegalArgumentException(
                        "searches and steps of ead must be at least 1, but are " + searches + " and " + steps);
            }
            if (!(rate > 0) || !(confidence >= 0) || !(constant > 0) || !(shrinkage >= 0)) {
                throw new IllegalArgumentException(
                        "rate and constant of ead must be positive, confidence and shrinkage at least 0, but they are %s, %s, %s and %s"
                                .formatted(rate, constant, confidence, shrinkage));
            }
        }
    }

    @Override
    public String name() {
        return "ead";
    }

    @Override
    public Distance distance() {
        return Distance.L1;
    }

    @Override
    public double confidence() {
        return settings.confidence();
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        ConstantSearch search = new ConstantSearch(batch.size(), settings.constant(), settings.searches());
        for (int number = 0; number < settings.searches(); number++) {
            try (Shrinkage descent = new Shrinkage(this, batch, model, search.constants(number))) {
                search.tell(descent.run(number));
            }
        }
    }
}
