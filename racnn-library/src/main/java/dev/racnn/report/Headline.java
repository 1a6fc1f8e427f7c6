package dev.racnn.report;

import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.Scenario;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the first attack leaves of a model in the worst scenario; the attacker of Scenario 2 (a) does not see the model.
 *
 * @param title attack, limit and scenario
 * @param accuracy what is left
 * @param unattacked what the model gets right of the same images
 */
record Headline(String title, Proportion accuracy, Proportion unattacked) {
    /** Null for a model that was not attacked. */
    static @Nullable Headline of(ModelEvaluation model) {
        if (model.attacks().isEmpty()) {
            return null;
        }
        AttackEvaluation first = model.attacks().getFirst();
        AttackEvaluation worst = model.attacks().stream()
                .filter(each -> each.scenario() != Scenario.TRANSFER
                        && each.attack().equals(first.attack())
                        && Objects.equals(each.budget(), first.budget()))
                .min(Comparator.comparingDouble(each -> left(each).value()))
                .orElse(first);
        String title = Attacks.title(worst.attack()) + limit(worst) + ", "
                + worst.scenario().title();
        return new Headline(title, left(worst), worst.clean());
    }

    private static String limit(AttackEvaluation attack) {
        if (attack.budget() != null) {
            return " up to " + Numbers.budget(attack.budget());
        }
        return attack.thresholds().isEmpty()
                ? ""
                : " up to MSD " + Numbers.scientific(attack.thresholds().getFirst());
    }

    private static Proportion left(AttackEvaluation attack) {
        return attack.budget() != null || attack.thresholds().isEmpty()
                ? attack.unbroken()
                : attack.curve().at(attack.thresholds().getFirst());
    }
}
