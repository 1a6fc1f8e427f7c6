package dev.racnn.attack;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Attacks that are run one after the other, each on the examples that those before have left; one alone is the shortest. */
public interface AttackSequence {
    /** Lower-case name, as on the command line. */
    String name();

    /** The attacks in their order. */
    List<Attack> attacks();

    /** The budget within which all of them search, if they have one. */
    Optional<ThreatModel> threatModel();

    /** The distance in which they look for the nearest point, or that of their budget's norm. */
    default Distance distance() {
        return threatModel().map(budget -> budget.norm().distance()).orElse(Distance.MSD);
    }

    /** Whether any of them asks for gradients. */
    boolean needsGradients();

    /**
     * Attacks examples.
     *
     * @throws IllegalArgumentException and the rest as {@link AttackRunner#run}
     */
    SuiteResult run(AttackRunner runner, Examples examples) throws IOException;

    /** One attack alone. */
    static AttackSequence of(Attack attack) {
        return new SingleAttack(attack);
    }
}
