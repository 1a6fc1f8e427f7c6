package dev.racnn.evaluation;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import dev.racnn.attack.paper.PaperProfile;
import java.util.List;
import java.util.Map;

/**
 * Attacks that are run together.
 *
 * @param name as on the command line
 * @param attacks in the order of the tables
 */
public record Suite(String name, List<Entry> attacks) {
    /** The distances of Table 1 for FGSM. */
    private static final List<Double> SINGLE_STEP = List.of(1e-4, 2e-4, 4e-4);

    /** The distances of Table 1 for the attacks that come nearer. */
    private static final List<Double> NEAREST = List.of(1e-5, 2e-5, 8e-5);

    private static final Map<String, List<String>> KNOWN = Map.of(
            "fgsm", List.of("fgsm"),
            "table1", List.of("fgsm", "ifgsm", "deepfool"),
            "paper", List.of("fgsm", "ifgsm", "deepfool", "lbfgs", "boundary"));

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

    /**
     * One of the suites that have a name, with the settings of the paper: {@code fgsm}; {@code table1}, the three attacks of
     * its tables; {@code paper}, all five.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Suite named(String name) {
        List<String> attacks = KNOWN.get(name);
        if (attacks == null) {
            throw new IllegalArgumentException("suite must be one of %s, but is '%s'; did you mean '%s'?"
                    .formatted(names(), name, Spelling.nearest(name, names())));
        }
        return new Suite(
                name,
                attacks.stream()
                        .map(attack ->
                                new Entry(PaperProfile.attack(attack), attack.equals("fgsm") ? SINGLE_STEP : NEAREST))
                        .toList());
    }

    /** Names of all suites, in alphabetical order. */
    public static List<String> names() {
        return KNOWN.keySet().stream().sorted().toList();
    }
}
