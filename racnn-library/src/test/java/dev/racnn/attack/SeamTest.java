package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Progress;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.Fab;
import dev.racnn.attack.autoattack.Square;
import dev.racnn.attack.modern.Boundary;
import dev.racnn.attack.modern.CarliniWagner;
import dev.racnn.attack.modern.Ddn;
import dev.racnn.attack.modern.Fmn;
import dev.racnn.attack.modern.HopSkipJump;
import dev.racnn.attack.modern.Pgd;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Where attacks of one's own plug in: gradient paths, signals, objectives, starts, and what is kept. */
class SeamTest {
    private static final ThreatModel BUDGET = new ThreatModel(Norm.LINF, 0.3);
    private static final Signal BRIGHTNESS = new Signal("brightness");

    /** A path through a linear model that writes down what it hears and is asked. */
    private static final class Diary implements GradientPath {
        private final List<Step> steps = new ArrayList<>();
        private final List<int[]> rows = new ArrayList<>();
        private final AtomicInteger passes = new AtomicInteger();
        private int opened;
        private int closed;

        @Override
        public String name() {
            return "diary";
        }

        @Override
        public GradientSession open(AttackBatch batch) {
            opened++;
            return new GradientSession() {
                @Override
                public void at(Step step) {
                    steps.add(step);
                }

                @Override
                public Gradients gradients(Tensor points, int[] owners, List<Loss> losses) {
                    rows.add(owners.clone());
                    return Autograd.gradients(
                            points,
                            owners,
                            losses,
                            leaf -> new Signals(leaf)
                                    .with(
                                            BRIGHTNESS,
                                            at -> at.points().flatten(1, -1).mean(1))
                                    .with(Signal.LOGITS, at -> {
                                        passes.incrementAndGet();
                                        return LinearModel.logits(at.points(), 0.5);
                                    }));
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }

    private static AttackRunner runner(GradientPath path) {
        return new AttackRunner(LinearModel.threshold(0.5)).withGradients(path);
    }

    private static float[] grey(double value) {
        float[] image = new float[LinearModel.SIZE.bytes()];
        Arrays.fill(image, (float) value);
        return image;
    }

    @Test
    void a_session_hears_of_every_step_and_lives_as_long_as_its_batch() throws IOException {
        Diary diary = new Diary();
        // The first image is solved in the second step, the second one never.
        Pgd pgd = new Pgd(
                "pgd",
                BUDGET,
                new Pgd.Settings(0.5, 3, true, 2),
                Objectives.CROSS_ENTROPY,
                Starts.at("darker and brighter", Map.of(0, List.of(grey(0.3)), 1, List.of(grey(0), grey(0.05)))));
        runner(diary).withBatchSize(2).run(pgd, LinearModel.grey(0.3, 0.1, 0.3));
        assertThat(diary.opened).isEqualTo(2);
        assertThat(diary.closed).isEqualTo(2);
        assertThat(diary.steps.subList(0, 6))
                .containsExactly(
                        new Step(0, 2, 0, 3),
                        new Step(0, 2, 1, 3),
                        new Step(0, 2, 2, 3),
                        new Step(1, 2, 0, 3),
                        new Step(1, 2, 1, 3),
                        new Step(1, 2, 2, 3));
        assertThat(diary.rows.getFirst()).containsExactly(0, 1);
        assertThat(diary.rows.get(3)).containsExactly(1);
        assertThat(diary.steps).extracting(Step::share).startsWith(0.0, 0.5, 1.0);
    }

    @Test
    void a_signal_is_computed_only_if_a_loss_asks_for_it_and_once() throws IOException {
        Diary diary = new Diary();
        Objective brightness = Objective.of("brightness", (_, _) -> (at, _) -> at.get(BRIGHTNESS));
        Pgd blind = new Pgd("blind", BUDGET, Pgd.Settings.BASIC, brightness, Starts.IMAGE);
        assertThat(runner(diary).run(blind, LinearModel.grey(0.3)).robustAccuracy())
                .isZero();
        assertThat(diary.passes).hasValue(0);
        Objective twice = Objective.of(
                "twice",
                (batch, _) -> (at, rows) -> Losses.margin(batch)
                        .on(Signal.LOGITS)
                        .of(at, rows)
                        .add(Losses.crossEntropy(batch).on(Signal.LOGITS).of(at, rows)));
        runner(diary).run(new Pgd("twice", BUDGET, Pgd.Settings.FAST, twice, Starts.IMAGE), LinearModel.grey(0.3));
        assertThat(diary.passes).hasValue(1);
    }

    @Test
    void a_signal_that_the_path_does_not_know_is_named_beside_those_that_it_does() {
        Objective keys = Objective.of("keys", (_, _) -> (at, _) -> at.get(new Signal("keys")));
        Pgd pgd = new Pgd("pgd", BUDGET, Pgd.Settings.FAST, keys, Starts.IMAGE);
        assertThatThrownBy(() -> runner(new Diary()).run(pgd, LinearModel.grey(0.3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'keys'")
                .hasMessageContaining("[brightness, logits]");
    }

    @Test
    void every_gradient_attack_climbs_the_objective_that_it_is_given() throws IOException {
        // Down from the image, where no boundary is: what the cross-entropy would find at once is not found.
        Objective darkness =
                Objective.of("darkness", (_, _) -> (at, _) -> at.get(BRIGHTNESS).neg());
        List<Attack> attacks = List.of(
                new Pgd("pgd", BUDGET, Pgd.Settings.BASIC, darkness, Starts.IMAGE),
                new Apgd("apgd", darkness, BUDGET, Apgd.Settings.STANDARD, Starts.IMAGE),
                new Fmn(Norm.L2, Fmn.Settings.MODERN, darkness, Starts.IMAGE),
                new Ddn(Ddn.Settings.MODERN, darkness, Starts.IMAGE),
                new CarliniWagner(new CarliniWagner.Settings(3, 50, 0.05, 0, 1), darkness, Starts.IMAGE));
        for (Attack attack : attacks) {
            assertThat(runner(new Diary()).run(attack, LinearModel.grey(0.3)).robustAccuracy())
                    .as(attack.name())
                    .isEqualTo(1);
        }
    }

    @Test
    void an_aimed_objective_goes_to_one_class_after_the_other() throws IOException {
        List<List<Integer>> aims = new ArrayList<>();
        Objective aimed = new Objective() {
            @Override
            public List<Loss> losses(AttackBatch batch, IntUnaryOperator classes) {
                aims.add(Arrays.stream(batch.rows()).map(classes).boxed().toList());
                return List.of(Losses.lead(batch, classes).on(Signal.LOGITS));
            }

            @Override
            public boolean aimed() {
                return true;
            }
        };
        Apgd apgd = new Apgd("apgd", aimed, new ThreatModel(Norm.LINF, 0.01), Apgd.Settings.STANDARD);
        runner(new Diary()).run(apgd, LinearModel.grey(0.3, 0.2));
        // Class 1 is likelier than class 2 on both images.
        assertThat(aims).containsExactly(List.of(1, 1), List.of(2, 2));
    }

    @Test
    void gradients_averaged_over_passes_count_as_many_and_are_the_mean() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        // The slope is 1 and 3 in turn.
        GradientPath uneven = GradientPath.through(
                images -> LinearModel.logits(images, 0.5).mul(new Scalar(calls.getAndIncrement() % 2 == 0 ? 1.0 : 3.0)),
                "uneven");
        Tensor points = torch.full(new long[] {1, 3, 2, 2}, new Scalar(0.3));
        Loss margin = (at, _) ->
                at.get(Signal.LOGITS).select(1, 1).sub(at.get(Signal.LOGITS).select(1, 0));
        Examples grey = LinearModel.grey(0.3);
        AttackBatch batch = new AttackBatch(grey, grey, Criterion.misclassified(), Bounds.UNIT, 3, 0, Progress.UNHEARD);
        try (GradientSession session = uneven.averaged(2).open(batch)) {
            LossGradient mean = session.gradients(points, new int[] {0}, List.of(margin))
                    .each()
                    .getFirst();
            // d (logit 1 - logit 0) / d pixel = 2 / 12, times the mean of 1 and 3.
            assertThat(Tensors.toDoubles(mean.gradient())[0]).isCloseTo(4 / 12.0, within(1e-6));
            assertThat(mean.losses().item_double()).isCloseTo(-0.8, within(1e-6));
        }
        Outcome outcome = runner(uneven.averaged(2))
                .run(Pgd.fast(BUDGET), LinearModel.grey(0.3))
                .outcomes()
                .getFirst();
        assertThat(outcome.gradientQueries()).isEqualTo(2);
    }

    @Test
    void attacks_begin_where_they_are_told() throws IOException {
        // Only points that are darker than 0.1 or brighter than 0.9 are adversarial: from the image, gradients lead
        // nowhere.
        FunctionClassifier hidden = FunctionClassifier.of(3, images -> {
            Tensor far =
                    images.flatten(1, -1).mean(1).sub(new Scalar(0.5)).abs().sub(new Scalar(0.4));
            Tensor cut =
                    far.maximum(far.mul(new Scalar(0.0)).sub(new Scalar(0.2))).unsqueeze(1);
            return cut.mul(Tensors.of(new float[] {-1, 1, 0}, 1, 3)).add(Tensors.of(new float[] {0, 0, -9}, 1, 3));
        });
        Examples image = LinearModel.grey(0.5);
        Start near = Starts.at("nearly there", Map.of(0, List.of(grey(0.85))));
        ThreatModel wide = new ThreatModel(Norm.LINF, 0.45);
        Start beyond = Starts.at("beyond", Map.of(0, List.of(grey(0.5), grey(0.95))));
        Start there = Starts.at("there", Map.of(0, List.of(grey(0.95))));
        List<Attack> attacks = List.of(
                new Pgd("pgd", wide, Pgd.Settings.BASIC, Objectives.CROSS_ENTROPY, near),
                new Apgd("apgd", Objectives.CROSS_ENTROPY, wide, Apgd.Settings.STANDARD, near),
                new Square("square", wide, new Square.Settings(1, 0.8, 1), there),
                new Fab(false, wide, true, Fab.Settings.STANDARD, near),
                new Fmn(Norm.LINF, Fmn.Settings.MODERN, Objectives.MARGIN, near),
                new Ddn(Ddn.Settings.MODERN, Objectives.CROSS_ENTROPY, near),
                new CarliniWagner(new CarliniWagner.Settings(2, 100, 0.05, 0, 10), Objectives.MARGIN, near),
                new Boundary(Boundary.Settings.MODERN.withSteps(50), beyond),
                new HopSkipJump(Norm.L2, new HopSkipJump.Settings(2, 10, 10), beyond),
                new dev.racnn.attack.paper.Boundary(
                        new dev.racnn.attack.paper.Boundary.Settings(20, 5, 1, 0.01, 0.01, 1.5), beyond));
        for (Attack attack : attacks) {
            assertThat(new AttackRunner(hidden).run(attack, image).robustAccuracy())
                    .as(attack.toString())
                    .isZero();
        }
        Pgd fromTheImage = new Pgd("pgd", wide, Pgd.Settings.BASIC, Objectives.CROSS_ENTROPY, Starts.IMAGE);
        assertThat(new AttackRunner(hidden).run(fromTheImage, image).robustAccuracy())
                .isEqualTo(1);
    }

    @Test
    void what_one_attack_found_is_where_another_begins() throws IOException {
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.5));
        Examples images = LinearModel.grey(0.3, 0.4);
        AttackResult far = runner.run(Pgd.fast(BUDGET), images);
        HopSkipJump near = new HopSkipJump(Norm.LINF, new HopSkipJump.Settings(1, 10, 10), Starts.at(far));
        AttackResult nearer = runner.run(near, images);
        assertThat(nearer.outcomes().getFirst().linf()).isCloseTo(0.2, within(1e-3));
        // One decision about the start instead of many about noise.
        assertThat(nearer.outcomes().getFirst().forwardQueries()).isLessThan(120);
        assertThat(near.toString()).contains("what fgsm found");
    }

    @Test
    void the_most_confident_point_comes_out_where_it_is_wanted() throws IOException {
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.5));
        Pgd pgd = new Pgd("pgd", BUDGET, new Pgd.Settings(0.2, 10, false, 1));
        Examples image = LinearModel.grey(0.3);
        double first = runner.run(pgd, image).outcomes().getFirst().linf();
        double farthest = runner.withKeep(Keep.MOST_CONFIDENT)
                .run(pgd, image)
                .outcomes()
                .getFirst()
                .linf();
        assertThat(first).isCloseTo(0.24, within(1e-6));
        assertThat(farthest).isCloseTo(0.3, within(1e-6));
    }

    @Test
    void the_confidence_of_cw_binds_the_point_that_is_kept() throws IOException {
        CarliniWagner.Settings settings = new CarliniWagner.Settings(6, 200, 0.05, 0.2, 1);
        AttackResult result =
                new AttackRunner(LinearModel.threshold(0.5)).run(new CarliniWagner(settings), LinearModel.grey(0.3));
        // Logit 1 minus logit 0 is twice the distance of the mean from 0.5.
        Outcome outcome = result.outcomes().getFirst();
        assertThat(outcome.success()).isTrue();
        assertThat(outcome.l2() / Math.sqrt(12)).isBetween(0.3, 0.32);
    }

    @Test
    void a_success_on_a_model_that_answers_at_random_is_what_most_answers_agree_on() throws IOException {
        torch.manual_seed(3);
        // Wrong in three of ten answers whatever the image.
        Classifier moody = FunctionClassifier.of(3, images -> {
            Tensor wrong = torch.rand(new long[] {images.size(0), 1})
                    .lt(new Scalar(0.3))
                    .to(torch.ScalarType.Float);
            return LinearModel.logits(images.mul(new Scalar(0.0)), 0.5)
                    .add(wrong.mul(Tensors.of(new float[] {0, 9, 0}, 1, 3)));
        });
        Examples images = LinearModel.grey(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8);
        for (Attack attack : List.of(
                Pgd.projected(BUDGET),
                new Square(BUDGET, new Square.Settings(100, 0.8, 1)),
                new HopSkipJump(Norm.L2, new HopSkipJump.Settings(2, 20, 20)))) {
            AttackRunner runner = new AttackRunner(moody);
            assertThat(runner.run(attack, images).robustAccuracy()).isLessThan(0.7);
            AttackResult voted = runner.withVotes(31).run(attack, images);
            assertThat(voted.cleanAccuracy()).isEqualTo(1);
            assertThat(voted.robustAccuracy()).isEqualTo(1);
        }
    }
}
