package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Progress;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.Fab;
import dev.racnn.attack.modern.DeepFool;
import dev.racnn.attack.paper.Fgsm;
import dev.racnn.model.Bounds;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttackRunnerTest {
    private static final Fgsm FGSM = new Fgsm(Fgsm.Settings.PAPER);

    /** Asks about the originals moved by a fixed amount, within a fixed budget or none. */
    private record Shift(double amount, Optional<ThreatModel> threatModel) implements Attack {
        @Override
        public String name() {
            return "shift";
        }

        @Override
        public Record settings() {
            return this;
        }

        @Override
        public boolean needsGradients() {
            return false;
        }

        @Override
        public void run(AttackBatch batch, ScoredModel model) {
            model.decide(batch.originals(batch.rows()).add(new Scalar(amount)), batch.rows());
        }
    }

    @Test
    void fgsm_on_a_linear_model_ends_at_the_first_step_beyond_the_boundary() throws IOException {
        AttackResult result = new AttackRunner(LinearModel.threshold(0.5)).run(FGSM, LinearModel.grey(0.3, 0.4505));
        Outcome first = result.outcomes().getFirst();
        // 0.3 + k/1000 is above 0.5, up to the rounding of the mean, from k = 200 or 201 on.
        assertThat(first.linf()).isBetween(0.1999, 0.2011);
        assertThat(first.msd()).isCloseTo(first.linf() * first.linf(), within(1e-8));
        assertThat(first.l1()).isCloseTo(12 * first.linf(), within(1e-6));
        assertThat(first.l2()).isCloseTo(Math.sqrt(12) * first.linf(), within(1e-6));
        assertThat(result.outcomes().get(1).linf()).isCloseTo(0.050, within(1e-5));
        assertThat(result.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.gradientQueries()).isEqualTo(1));
    }

    @Test
    void misclassified_images_have_distance_zero_and_are_not_attacked() throws IOException {
        AttackResult result = new AttackRunner(LinearModel.threshold(0.5)).run(FGSM, LinearModel.grey(0.9, 0.1));
        Outcome wrong = result.outcomes().getFirst();
        assertThat(wrong.success()).isTrue();
        assertThat(wrong.msd()).isZero();
        assertThat(wrong.forwardQueries()).isEqualTo(1);
        assertThat(wrong.gradientQueries()).isZero();
        assertThat(result.cleanAccuracy()).isEqualTo(0.5);
    }

    @Test
    void an_example_without_adversarial_is_a_failed_attack_and_spoils_no_other() throws IOException {
        // No grey image is brighter than 1, so no mean is above 1; the second example is a plain success.
        Classifier model = LinearModel.threshold(0.5);
        AttackResult result = new AttackRunner(model)
                .withCriterion(Criterion.targeted((_, index) -> index == 0 ? 2 : 1))
                .run(FGSM, LinearModel.grey(0.3, 0.3));
        assertThat(result.outcomes().getFirst().success()).isFalse();
        assertThat(result.outcomes().getFirst().msd()).isInfinite();
        assertThat(result.outcomes().getFirst().adversarial()).isNull();
        assertThat(result.outcomes().get(1).success()).isTrue();
        assertThat(result.robustAccuracy()).isEqualTo(0.5);
        assertThat(result.robustAccuracy(Distance.MSD, 1e9)).isEqualTo(0.5);
    }

    @Test
    void points_outside_the_ball_or_the_bounds_do_not_count() throws IOException {
        Classifier model = LinearModel.threshold(0.5);
        AttackRunner runner = new AttackRunner(model);
        Examples images = LinearModel.grey(0.45);
        ThreatModel tenth = new ThreatModel(Norm.LINF, 0.1);
        assertThat(runner.run(new Shift(0.1, Optional.of(tenth)), images).robustAccuracy())
                .isZero();
        assertThat(runner.run(new Shift(0.11, Optional.of(tenth)), images).robustAccuracy())
                .isEqualTo(1);
        assertThat(runner.run(new Shift(0.5, Optional.empty()), images).robustAccuracy())
                .isZero();
        assertThat(runner.run(new Shift(0.6, Optional.empty()), images).robustAccuracy())
                .isEqualTo(1);
    }

    @Test
    void images_must_lie_within_the_bounds_of_the_model_up_to_rounding() throws IOException {
        // The float nearest to 0.8 is above 0.8.
        AttackRunner runner = new AttackRunner(
                new FunctionClassifier(3, new Bounds(0.2, 0.8), true, images -> LinearModel.logits(images, 0.9)));
        assertThat(runner.run(FGSM, LinearModel.grey(0.2, 0.8)).outcomes()).hasSize(2);
        assertThatThrownBy(() -> runner.run(FGSM, LinearModel.grey(0.3, 0.81)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example 1 must be within [0.2, 0.8], but one is 0.81; scale the images");
    }

    @Test
    void a_success_that_a_fresh_forward_pass_does_not_confirm_is_given_up() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        // Wrong in the second pass only: the first is the clean one, the third the runner's own.
        FunctionClassifier fickle = FunctionClassifier.of(
                3, images -> LinearModel.logits(images, calls.incrementAndGet() == 2 ? 0.5 : 0.9));
        AttackResult result = new AttackRunner(fickle).run(new Shift(0.1, Optional.empty()), LinearModel.grey(0.45));
        assertThat(result.outcomes().getFirst().success()).isFalse();
        assertThat(result.outcomes().getFirst().unconfirmed()).isEqualTo(1);
    }

    @Test
    void results_do_not_depend_on_the_batch_size() throws IOException {
        try (Classifier model = Golden.open()) {
            AttackRunner runner = new AttackRunner(model);
            List<Outcome> together = runner.run(FGSM, Golden.examples(7)).outcomes();
            List<Outcome> apart =
                    runner.withBatchSize(2).run(FGSM, Golden.examples(7)).outcomes();
            for (int i = 0; i < 7; i++) {
                assertThat(apart.get(i).msd()).isEqualTo(together.get(i).msd(), within(1e-9));
            }
        }
    }

    @Test
    void random_numbers_depend_on_seed_and_example_alone() {
        Examples images = LinearModel.grey(0.1, 0.2, 0.3);
        double[] first = draws(images, 5);
        assertThat(draws(images.at(2, 0), 5)).containsExactly(first[2], first[0]);
        assertThat(draws(images, 6)).doesNotContain(first);
    }

    private static double[] draws(Examples examples, long seed) {
        AttackBatch batch =
                new AttackBatch(examples, examples, Criterion.misclassified(), Bounds.UNIT, 3, seed, Progress.UNHEARD);
        return Arrays.stream(batch.rows())
                .mapToDouble(row -> batch.random(row).nextDouble())
                .toArray();
    }

    @Test
    void an_interrupted_run_goes_on_where_it_stopped(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("journal.jsonl");
        AtomicInteger passes = new AtomicInteger();
        FunctionClassifier counting = FunctionClassifier.of(3, images -> {
            passes.incrementAndGet();
            return LinearModel.logits(images, 0.5);
        });
        AttackRunner runner = new AttackRunner(counting).withBatchSize(1).withJournal(new JournalPlace(file, "greys"));
        Examples images = LinearModel.grey(0.3, 0.4, 0.45);
        List<Outcome> whole = runner.run(FGSM, images).outcomes();

        // The machine died while the line of the last example was being written.
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() - 20));
        passes.set(0);
        List<Outcome> resumed = runner.run(FGSM, images).outcomes();
        assertThat(passes.get()).isPositive();
        assertThat(resumed).usingRecursiveFieldByFieldElementComparator().containsExactlyElementsOf(whole);
        assertThat(Files.readString(file)).isEqualTo(text);

        passes.set(0);
        assertThat(runner.run(FGSM, images).outcomes()).hasSize(3);
        assertThat(passes.get()).isZero();
    }

    @Test
    void a_journal_of_another_attack_is_refused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("journal.jsonl");
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.5)).withJournal(new JournalPlace(file, "greys"));
        runner.run(FGSM, LinearModel.grey(0.3));
        assertThatThrownBy(() -> runner.withSeed(1).run(FGSM, LinearModel.grey(0.3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seed 1")
                .hasMessageContaining("seed 0");
    }

    @Test
    void a_journal_of_another_model_is_refused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("journal.jsonl");
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.5));
        runner.withJournal(new JournalPlace(file, "model A")).run(FGSM, LinearModel.grey(0.3));
        assertThatThrownBy(() ->
                        runner.withJournal(new JournalPlace(file, "model B")).run(FGSM, LinearModel.grey(0.3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("on model A")
                .hasMessageContaining("on model B");
    }

    @Test
    void nan_logits_name_the_example() {
        FunctionClassifier broken = FunctionClassifier.of(
                3,
                images -> LinearModel.logits(images, 0.5)
                        .masked_fill(
                                images.flatten(1, -1)
                                        .mean(1)
                                        .gt(new Scalar(0.35))
                                        .unsqueeze(1),
                                new Scalar(Double.NaN)));
        assertThatThrownBy(() -> new AttackRunner(broken).run(FGSM, LinearModel.grey(0.3, 0.4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("example 1")
                .hasMessageContaining("NaN");
    }

    @Test
    void a_gradient_that_is_no_number_fails_its_example_alone() throws IOException {
        // The derivative of sqrt(|x - 1/4|) at 1/4 is NaN, its value is not.
        FunctionClassifier broken = FunctionClassifier.of(
                3,
                images -> LinearModel.logits(images, 0.5)
                        .add(images.sub(new Scalar(0.25)).abs().sqrt().mean().mul(new Scalar(0.0))));
        for (Attack attack : List.of(FGSM, new DeepFool(Norm.L2, DeepFool.Settings.MODERN))) {
            AttackResult result = new AttackRunner(broken).run(attack, LinearModel.grey(0.25, 0.4));
            Outcome dead = result.outcomes().getFirst();
            assertThat(dead.success()).isFalse();
            assertThat(dead.zeroGradients()).isPositive().isEqualTo(dead.gradientQueries());
            assertThat(result.outcomes().getLast().success()).isTrue();
            assertThat(result.outcomes().getLast().zeroGradients()).isZero();
            assertThat(result.masked()).isTrue();
        }
    }

    @Test
    void bad_input_is_refused_with_the_reason() {
        FunctionClassifier opaque =
                new FunctionClassifier(3, Bounds.UNIT, false, images -> LinearModel.logits(images, 0.5));
        assertThatThrownBy(() -> new AttackRunner(opaque).run(FGSM, LinearModel.grey(0.3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs gradients");
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.5));
        assertThatThrownBy(() -> runner.run(FGSM, LinearModel.grey(0.3, 1.5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example 1")
                .hasMessageContaining("1.5");
        Examples image = LinearModel.grey(0.3);
        assertThatThrownBy(() ->
                        runner.run(FGSM, new Examples(image.size(), image.images(), new int[] {3}, image.indices())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 classes");
        FunctionClassifier narrow = FunctionClassifier.of(4, images -> LinearModel.logits(images, 0.5));
        assertThatThrownBy(() -> new AttackRunner(narrow).run(FGSM, image))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[1, 4]")
                .hasMessageContaining("[1, 3]");
    }

    @Test
    void a_gradient_killing_layer_is_reported_as_masked() throws IOException {
        FunctionClassifier rounding = FunctionClassifier.of(
                3,
                images ->
                        LinearModel.logits(images.mul(new Scalar(255.0)).round().div(new Scalar(255.0)), 0.5));
        FunctionClassifier cut = FunctionClassifier.of(3, images -> LinearModel.logits(images.detach(), 0.5));
        Examples images = LinearModel.grey(0.3, 0.4);
        for (Classifier killer : List.of(rounding, cut)) {
            AttackResult result = new AttackRunner(killer).run(FGSM, images);
            assertThat(result.zeroGradientShare()).isEqualTo(1);
            assertThat(result.masked()).isTrue();
            assertThat(result.robustAccuracy()).isEqualTo(1);
        }
        assertThat(new AttackRunner(LinearModel.threshold(0.5))
                        .run(FGSM, images)
                        .masked())
                .isFalse();
    }

    @Test
    void an_attack_tells_how_far_it_is_within_a_batch() throws IOException {
        ThreatModel tight = new ThreatModel(Norm.LINF, 0.001);
        for (Attack attack : List.of(Apgd.crossEntropy(tight, Apgd.Settings.STANDARD), Fab.nearest(false, Norm.LINF))) {
            Set<Long> told = new TreeSet<>();
            new AttackRunner(CurvedModel.classifier())
                    .withProgress(progress -> told.add(progress.done()))
                    .run(attack, CurvedModel.examples(6).at(0, 1, 2, 3, 4));
            assertThat(told).as(attack.name()).contains(1L, 2L, 3L, 4L, 5L);
        }
    }
}
