package dev.racnn.adaptive;

import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Climb;
import dev.racnn.attack.Combination;
import dev.racnn.attack.Evaluated;
import dev.racnn.attack.FreeSpace;
import dev.racnn.attack.Norm;
import dev.racnn.attack.Objective;
import dev.racnn.attack.Objectives;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.attack.Signals;
import dev.racnn.attack.Step;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** One descent of {@link GuideSamples}: RMSprop with a constant for each example, among guides that are looked for anew now and then. */
final class GuidedDescent implements AutoCloseable {
    /** How far beyond the radius a guide has to be to be of no concern. */
    private static final double SLACK = 1e-5;

    private static final double DECAY = 0.99;
    private static final double TINY = 1e-8;

    private final GuideSamples attack;
    private final WhiteBox box;
    private final AttackBatch batch;
    private final ScoredModel model;
    private final double[] constants;
    private final int[] kept;
    private final boolean[] found;
    private final Climb climb;
    private final OpenRows open;
    private final OpenRows.Held low;
    private final OpenRows.Held high;
    private final OpenRows.Held variables;
    private final OpenRows.Held squares;
    private OpenRows.@Nullable Held keys;
    private OpenRows.@Nullable Held signs;
    private OpenRows.@Nullable Held offsets;

    /**
     * @param constants weight of the adversarial part for each example of the batch
     * @param kept guides of each kind, for each example of the batch
     */
    GuidedDescent(
            GuideSamples attack, WhiteBox box, AttackBatch batch, ScoredModel model, double[] constants, int[] kept) {
        this.attack = attack;
        this.box = box;
        this.batch = batch;
        this.model = model;
        this.constants = constants;
        this.kept = kept;
        this.found = new boolean[batch.size()];
        Objective guided = Objective.of("guides", (_, _) -> (at, _) -> guided(at));
        Objective margin = Objectives.MARGIN.of(RacnnSignals.STRAIGHT_THROUGH);
        this.climb = new Climb(new Combination(Norm.L2, List.of(margin, guided)), batch, model);
        this.open = OpenRows.all(batch, model);
        letGo();
        try (var _ = Scope.open()) {
            Tensor originals = open.originals();
            boolean limited = attack.budget().norm() == Norm.LINF;
            Scalar room = new Scalar(
                    limited ? attack.budget().epsilon() : batch.bounds().range());
            this.low = open.hold(batch.clip(originals.sub(room)));
            this.high = open.hold(batch.clip(originals.add(room)));
            Tensor starts = open.isEmpty() ? originals : attack.start().first(batch, model, open.rows());
            Tensor inside = limited ? attack.budget().within(batch, originals, starts) : starts;
            this.variables = open.hold(space().variables(inside));
            this.squares = open.hold(torch.zeros_like(originals));
        }
    }

    /** Descends; returns which examples met an adversarial point. */
    boolean[] run(int search) {
        GuideSamples.Settings settings = attack.settings();
        for (int step = 0; step < settings.steps() && !open.isEmpty(); step++) {
            model.at(new Step(search, settings.searches(), step, settings.steps()));
            try (var _ = Scope.open()) {
                Tensor points = batch.clip(space().points(variables.get()));
                if (step % settings.refresh() == 0) {
                    look(points);
                }
                move(points);
            }
            letGo();
        }
        return found;
    }

    /** Examples with a point within the budget are finished. */
    private void letGo() {
        int[] rows = open.rows();
        open.keep(IntStream.range(0, rows.length)
                .filter(i -> !attack.budget().allows(model.horizon(rows[i])))
                .toArray());
    }

    private void look(Tensor points) {
        int[] rows = open.rows();
        int each = attack.settings().guides() / 2;
        try (var _ = new NoGradGuard()) {
            Guides guides = Guides.of(box, batch, box.keys(points), each, rows);
            float[] mask = new float[rows.length * 2 * each];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = i % each < kept[rows[i / (2 * each)]] ? 1 : 0;
            }
            Tensor wanted = guides.signs().mul(Tensors.of(mask, rows.length, 2L * each));
            keys = kept(keys, guides.keys());
            signs = kept(signs, wanted);
            // Without a tensor as large as the keys in between.
            Tensor squares =
                    guides.keys().norm(new ScalarOptional(new Scalar(2.0)), 2).square();
            offsets = kept(offsets, squares.sub(guides.radius()));
        }
    }

    private OpenRows.Held kept(OpenRows.@Nullable Held before, Tensor values) {
        if (before == null) {
            return open.hold(values);
        }
        before.set(values);
        return before;
    }

    /** How little the guides are where they should be, with the sign turned: [n]. */
    private Tensor guided(Signals at) {
        if (keys == null || signs == null || offsets == null) {
            throw new IllegalStateException("no guides have been looked for");
        }
        Tensor own = at.get(RacnnSignals.KEYS);
        Tensor products = RowProducts.of(keys.get(), own, i -> i).mul(new Scalar(2.0));
        Tensor distances = own.square().sum(1).unsqueeze(1).add(offsets.get()).sub(products);
        Tensor beyond = distances.mul(signs.get()).add(new Scalar(SLACK)).relu();
        return beyond.mul(signs.get().abs()).sum(1).neg();
    }

    /** One step of RMSprop down the squared distance and up the margin and the guides. */
    private void move(Tensor points) {
        int[] rows = open.rows();
        Evaluated evaluated = climb.evaluate(points, rows);
        float[] weights = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            found[rows[i]] |= evaluated.decisions().adversarial()[i];
            weights[i] = (float) constants[rows[i]];
        }
        Tensor pull = evaluated.gradient().gradient().mul(Norm.perRow(Tensors.of(weights, rows.length), points));
        Tensor slope = points.sub(open.originals()).mul(new Scalar(2.0)).sub(pull);
        Tensor gradient = slope.mul(space().slope(variables.get()));
        squares.set(squares.get().mul(new Scalar(DECAY)).add(gradient.square().mul(new Scalar(1 - DECAY))));
        Tensor step = gradient.div(squares.get().sqrt().add(new Scalar(TINY)));
        variables.set(variables.get().sub(step.mul(new Scalar(attack.settings().rate()))));
    }

    private FreeSpace space() {
        return new FreeSpace(low.get(), high.get());
    }

    @Override
    public void close() {
        open.close();
    }
}
