package dev.racnn.attack.catalogue;

import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Distance;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An attack and the budgets at which its robust accuracy is wanted: one run for an attack that looks for the nearest
 * adversarial point, where accuracy at each budget follows from the distances; one for each budget for an attack or a suite
 * that needs one.
 *
 * @param runs at least one
 * @param budgets each once; as many as runs if these have budgets
 */
public record AttackPlan(List<AttackSequence> runs, List<ThreatModel> budgets) {
    public AttackPlan {
        runs = List.copyOf(runs);
        budgets = List.copyOf(budgets);
    }

    /**
     * Plans the runs of an attack.
     *
     * @param norm null for the only norm of the attack, or else Linf
     * @param epsilons radii in the units of the pixels
     * @param changes of its settings, by name, as typed
     * @throws IllegalArgumentException if it does not know the norm or a setting, or a budget is impossible or missing
     */
    public static AttackPlan of(
            AttackKind kind, @Nullable Norm norm, List<Double> epsilons, Map<String, String> changes) {
        Norm measured = norm(kind, norm);
        List<ThreatModel> budgets = epsilons.stream()
                .distinct()
                .map(epsilon -> new ThreatModel(measured, epsilon))
                .toList();
        if (kind.norms().isEmpty() && !budgets.isEmpty()) {
            throw new IllegalArgumentException(
                    "attack '%s' moves whole images, which no norm describes, but a budget was given; leave --epsilon out"
                            .formatted(kind.name()));
        }
        // Without a budget, an attack that needs one says so.
        List<AttackSequence> runs = budgets.isEmpty() || !kind.needsBudget()
                ? List.of(kind.make(measured, Optional.empty(), changes))
                : budgets.stream()
                        .map(budget -> kind.make(measured, Optional.of(budget.epsilon()), changes))
                        .toList();
        return new AttackPlan(runs, budgets);
    }

    /** The norm asked for, or else the only one of the attack, or else Linf. */
    static Norm norm(AttackKind kind, @Nullable Norm asked) {
        if (kind.norms().isEmpty() && asked != null) {
            throw new IllegalArgumentException(
                    "attack '%s' moves whole images, which no norm describes, but norm is %s; leave --norm out"
                            .formatted(kind.name(), asked));
        }
        if (asked != null) {
            return asked;
        }
        // Those of the paper minimise the MSD whatever the norm of the budgets.
        return kind.profile() == Profile.MODERN && kind.norms().size() == 1
                ? kind.norms().getFirst()
                : Norm.LINF;
    }

    /** The distance in which the attack looks for the nearest point, or that of its budgets' norm. */
    public Distance distance() {
        return runs.getFirst().distance();
    }

    /** Which of the runs has the largest budget. */
    public int largest() {
        return IntStream.range(0, runs.size())
                .boxed()
                .max(Comparator.comparingDouble(run ->
                        runs.get(run).threatModel().map(ThreatModel::epsilon).orElse(0.0)))
                .orElseThrow();
    }
}
