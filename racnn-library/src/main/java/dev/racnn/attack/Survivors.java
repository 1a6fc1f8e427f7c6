package dev.racnn.attack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The examples that the attacks of a sequence have left so far, and what each attack achieved. */
public final class Survivors {
    private final Examples all;
    private final Map<Integer, Outcome> worst = new HashMap<>();
    private final List<SuiteResult.Stage> stages = new ArrayList<>();
    private int[] open;

    /** @param all before any attack */
    public Survivors(Examples all) {
        this.all = all;
        this.open = IntStream.range(0, all.count()).toArray();
    }

    /** All examples, those that are left and the others. */
    public Examples all() {
        return all;
    }

    /** Whether none is left. */
    public boolean isEmpty() {
        return open.length == 0;
    }

    /** Those that are left. */
    public Examples examples() {
        return all.at(open);
    }

    /** What each attack achieved, in their order. */
    public List<SuiteResult.Stage> stages() {
        return stages;
    }

    /**
     * What all attacks achieved together, one outcome for each example.
     *
     * @param sequence the attacks, by name
     * @param settings of all of them
     * @param budget that decides which points count
     * @param runner what ran them
     */
    public AttackResult worst(String sequence, Record settings, ThreatModel budget, AttackRunner runner) {
        GradientPath path = runner.gradients();
        return new AttackResult(
                sequence,
                settings,
                Optional.of(budget),
                runner.criterion().name(),
                path == null ? "" : path.name(),
                runner.settings().seed(),
                all.size(),
                runner.target().bounds(),
                IntStream.of(all.indices()).mapToObj(this::worst).toList());
    }

    /**
     * Takes over what an attack achieved on {@link #examples}, or on all of them.
     *
     * @param judge the outcomes as they count
     */
    public void after(String attack, AttackResult result, UnaryOperator<Outcome> judge) {
        for (Outcome outcome : result.outcomes()) {
            worst.merge(outcome.index(), judge.apply(outcome), Outcome::together);
        }
        open = Arrays.stream(open)
                .filter(i -> !worst(all.indices()[i]).success())
                .toArray();
        stages.add(new SuiteResult.Stage(attack, result.outcomes().size(), (double) open.length / all.count(), result));
    }

    private Outcome worst(int index) {
        return Objects.requireNonNull(worst.get(index));
    }
}
