package dev.racnn.evaluation;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import dev.racnn.attack.paper.Fgsm;
import java.util.List;
import java.util.Map;

/**
 * Attacks that are run together.
 *
 * @param name as on the command line
 * @param attacks in the order of the tables
 */
public record Suite(String name, List<Entry> attacks) {
    /** The distances of Table 1 for attacks of a single step. */
    private static final List<Double> SINGLE_STEP = List.of(1e-4, 2e-4, 4e-4);

    private static final Map<String, List<Entry>> KNOWN =
            Map.of("fgsm", List.of(new Entry(new Fgsm(Fgsm.Settings.PAPER), SINGLE_STEP)));

    public Suite {
        attacks = List.copyOf(attacks);
        if (attacks.isEmpty()) {
            throw new IllegalArgumentException("suite '" + name + "' must hold at least one attack, but is empty");
        }
    }

    /**
     * An attack with what tables say about it.
     *
     * @param thresholds normalised L2 distances at which tables state the accuracy; empty for a fixed budget
     */
    public record Entry(Attack attack, List<Double> thresholds) {
        public Entry {
            thresholds = List.copyOf(thresholds);
        }
    }

    /** One of the suites that have a name. */
    public static Suite named(String name) {
        List<Entry> attacks = KNOWN.get(name);
        if (attacks == null) {
            throw new IllegalArgumentException("suite must be one of %s, but is '%s'; did you mean '%s'?"
                    .formatted(names(), name, Spelling.nearest(name, names())));
        }
        return new Suite(name, attacks);
    }

    /** Names of all suites, in alphabetical order. */
    public static List<String> names() {
        return KNOWN.keySet().stream().sorted().toList();
    }
}
