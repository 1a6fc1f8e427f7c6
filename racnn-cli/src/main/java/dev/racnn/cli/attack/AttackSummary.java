package dev.racnn.cli.attack;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Distance;
import dev.racnn.attack.SuiteResult;
import dev.racnn.evaluation.BudgetResult;
import dev.racnn.evaluation.BudgetSweep;
import dev.racnn.evaluation.Scenario;
import dev.racnn.evaluation.Subjects;
import dev.racnn.report.AttackReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What {@code racnn attack} prints. */
final class AttackSummary {
    /** The distances at which the paper's tables state accuracies. */
    private static final List<Double> TABLE_DISTANCES = List.of(1e-5, 2e-5, 8e-5, 1e-4, 2e-4, 4e-4);

    private AttackSummary() {}

    static void print(AttackReport report, PrintWriter out) {
        BudgetSweep.Result sweep = report.sweep();
        Distance objective = sweep.plan().distance();
        AttackResult result = sweep.largest().worstCase();
        int n = result.outcomes().size();
        line(out, "clean accuracy    %.4f (n = %d)", result.cleanAccuracy(), n);
        if (report.scenario() == Scenario.TRANSFER) {
            line(
                    out,
                    "never attacked    %d images that the surrogate gets wrong unperturbed; they count as robust",
                    sweep.neverAttacked());
        }
        if (result.threatModel().isEmpty()) {
            line(out, "never fooled      %.4f at any distance", result.robustAccuracy());
            if (objective == Distance.MSD || objective == Distance.L2) {
                for (double distance : TABLE_DISTANCES) {
                    line(
                            out,
                            "robust accuracy   %.4f beyond normalised L2 (MSD) %s",
                            result.robustAccuracy(Distance.MSD, distance),
                            distance);
                }
            }
        }
        for (BudgetResult budget : sweep.budgets()) {
            line(
                    out,
                    "robust accuracy   %.4f within %s%s",
                    budget.robustAccuracy(),
                    budget.threatModel(),
                    budget.upperBound()
                            ? ", an upper bound: the attack looked for the nearest point in " + objective
                            : "");
        }
        line(out, "precision         %s; the attack searches in %s", report.precision(), Subjects.SEARCHED_IN);
        line(out, "time              %.1f s", sweep.seconds());
        sweep.runs().stream().filter(SuiteResult::masked).forEach(masked -> masked(out, masked.worstCase()));
    }

    /** What a suite says beside its verdict; in a transfer it speaks of the surrogate. */
    static void printStages(AttackSequence attacks, SuiteResult result, boolean transfer, PrintWriter out) {
        String whose = transfer ? "surrogate, " : "";
        for (SuiteResult.Stage stage : result.stages()) {
            line(
                    out,
                    "%s%s: robust accuracy %.4f after %s",
                    whose,
                    attacks.threatModel().orElseThrow(),
                    stage.robustAccuracy(),
                    stage.attack());
        }
        result.remarks().forEach(remark -> out.println("note: " + whose + remark));
        result.flags().forEach(flag -> out.println("warning: " + whose + flag.message()));
    }

    private static void masked(PrintWriter out, AttackResult result) {
        line(
                out,
                "MASKED GRADIENTS  %.4f of the gradients are zero%s: robustness under attacks with gradients says"
                        + " nothing; use a decision-based attack or a surrogate",
                result.zeroGradientShare(),
                result.threatModel().map(budget -> " within " + budget).orElse(""));
    }

    private static void line(PrintWriter out, String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
