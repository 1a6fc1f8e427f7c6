package dev.racnn.attack;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A sequence of one attack. */
record SingleAttack(Attack attack) implements AttackSequence {
    @Override
    public String name() {
        return attack.name();
    }

    @Override
    public List<Attack> attacks() {
        return List.of(attack);
    }

    @Override
    public Optional<ThreatModel> threatModel() {
        return attack.threatModel();
    }

    @Override
    public Distance distance() {
        return attack.distance();
    }

    @Override
    public boolean needsGradients() {
        return attack.needsGradients();
    }

    @Override
    public SuiteResult run(AttackRunner runner, Examples examples) throws IOException {
        return SuiteResult.of(runner.run(attack, examples));
    }
}
