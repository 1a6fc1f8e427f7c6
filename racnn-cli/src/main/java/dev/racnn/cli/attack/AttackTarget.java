package dev.racnn.cli.attack;

import dev.racnn.Spelling;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Targets;
import dev.racnn.model.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The class that images shall be taken for, as named on the command line.
 *
 * @param text the name or number of a class, or a rule: "next", "least-likely", "random"
 * @param classNames of the data
 */
record AttackTarget(String text, List<String> classNames) {
    private static final List<String> RULES = List.of("next", "least-likely", "random");

    /**
     * What counts as a success.
     *
     * @param attacked whose least likely class is meant
     * @param seed of random targets
     * @throws IllegalArgumentException if there is no such class
     */
    Criterion criterion(Classifier attacked, Examples examples, long seed) {
        int classes = classNames.size();
        return switch (text) {
            case "next" -> Targets.next(classes);
            case "random" -> Targets.random(classes, seed);
            case "least-likely" -> Targets.leastLikely(attacked, examples);
            default -> Criterion.targeted(number());
        };
    }

    /**
     * The images that are not of the target class already.
     *
     * @throws IllegalArgumentException if there is no such class, or no image is left
     */
    Examples others(Examples examples) {
        if (RULES.contains(text)) {
            return examples;
        }
        int target = number();
        int[] kept = IntStream.range(0, examples.count())
                .filter(i -> examples.labels()[i] != target)
                .toArray();
        if (kept.length == 0) {
            throw new IllegalArgumentException(
                    "target must differ from the class of some image, but all %s are of class '%s'; attack other images"
                            .formatted(examples.count(), classNames.get(target)));
        }
        return examples.at(kept);
    }

    private int number() {
        int named = classNames.indexOf(text);
        if (named >= 0) {
            return named;
        }
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) < classNames.size()) {
            return Integer.parseInt(text);
        }
        List<String> known = new ArrayList<>(RULES);
        known.addAll(classNames);
        throw new IllegalArgumentException(
                "target must be one of %s or the name or number (0 to %s) of a class, but is '%s'; did you mean '%s'?"
                        .formatted(RULES, classNames.size() - 1, text, Spelling.nearest(text, known)));
    }
}
