package dev.racnn.attack;

import java.util.List;

/**
 * What attacks that were run one after the other achieved.
 *
 * @param stages the attacks in their order; empty for one attack alone
 * @param flags signs that the verdict is not to be trusted
 * @param remarks what else a reader has to know to believe the verdict
 * @param worstCase for each example the first point found by any attack; its robust accuracy is that of the suite
 */
public record SuiteResult(List<Stage> stages, List<HealthFlag> flags, List<String> remarks, AttackResult worstCase) {
    public SuiteResult {
        stages = List.copyOf(stages);
        flags = List.copyOf(flags);
        remarks = List.copyOf(remarks);
    }

    /** Without remarks. */
    public SuiteResult(List<Stage> stages, List<HealthFlag> flags, AttackResult worstCase) {
        this(stages, flags, List.of(), worstCase);
    }

    /** What one attack alone achieved. */
    public static SuiteResult of(AttackResult result) {
        return new SuiteResult(List.of(), List.of(), result);
    }

    /**
     * One attack of the suite.
     *
     * @param attack name
     * @param attacked how many examples were left for it
     * @param robustAccuracy share of all examples that have withstood it and those before, in [0, 1]
     * @param result on the examples that were left
     */
    public record Stage(String attack, int attacked, double robustAccuracy, AttackResult result) {}

    /** Share of the examples that have withstood all attacks, in [0, 1]. */
    public double robustAccuracy() {
        return worstCase.robustAccuracy();
    }

    /**
     * The attacks that broke an example which the model gets right unperturbed, in their order: where each attacked what those
     * before it had left, the first alone.
     *
     * @param index of the example in its data set
     */
    public List<String> brokenBy(int index) {
        return stages.stream()
                .filter(stage -> stage.result().outcomes().stream()
                        .anyMatch(outcome -> outcome.index() == index && counts(outcome)))
                .map(Stage::attack)
                .toList();
    }

    /** Whether a stage broke an example within the budget of all. */
    private boolean counts(Outcome outcome) {
        return outcome.msd() > 0
                && worstCase.threatModel().map(outcome::within).orElse(outcome).success();
    }

    /** Whether the gradients are hidden or useless, so that gradient attacks say nothing about robustness. */
    public boolean masked() {
        return worstCase.masked() || flags.stream().anyMatch(HealthFlag::masking);
    }
}
