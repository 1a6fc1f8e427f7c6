package dev.racnn.attack.autoattack;

import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The examples that the attacks of a suite have left so far, and what each attack achieved. */
final class Survivors {
    private final Examples all;
    private final Map<Integer, Outcome> worst = new HashMap<>();
    private final List<SuiteResult.Stage> stages = new ArrayList<>();
    private int[] open;

    Survivors(Examples all) {
        this.all = all;
        this.open = IntStream.range(0, all.count()).toArray();
    }

    Examples all() {
        return all;
    }

    boolean isEmpty() {
        return open.length == 0;
    }

    /** Those that are left. */
    Examples examples() {
        return all.at(open);
    }

    List<SuiteResult.Stage> stages() {
        return stages;
    }

    /** What all attacks achieved together, one outcome for each example. */
    List<Outcome> worst() {
        return IntStream.of(all.indices()).mapToObj(this::worst).toList();
    }

    /**
     * Takes over what an attack achieved on {@link #examples}.
     *
     * @param judge the outcomes as they count
     */
    void after(String attack, AttackResult result, UnaryOperator<Outcome> judge) {
        for (Outcome outcome : result.outcomes()) {
            worst.merge(outcome.index(), judge.apply(outcome), Outcome::together);
        }
        int attacked = open.length;
        open = Arrays.stream(open)
                .filter(i -> !worst(all.indices()[i]).success())
                .toArray();
        stages.add(new SuiteResult.Stage(attack, attacked, (double) open.length / all.count(), result));
    }

    private Outcome worst(int index) {
        return Objects.requireNonNull(worst.get(index));
    }
}
