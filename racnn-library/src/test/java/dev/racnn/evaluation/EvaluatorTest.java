package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Progress;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.LinearModel;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.AutoAttack;
import dev.racnn.attack.modern.Pgd;
import dev.racnn.data.Dataset;
import dev.racnn.model.Bounds;
import dev.racnn.model.FunctionClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorTest {
    /** Mean pixels 0.2, 0.4 and 0.6: right, right and wrong for the threshold 0.5. */
    private static final Dataset GREYS = GreyImages.of(51, 102, 153);

    @TempDir
    private Path folder;

    private Evaluator evaluator(int start, int limit) {
        return evaluator(Suite.named("fgsm"), start, limit);
    }

    private Evaluator evaluator(Suite suite, int start, int limit) {
        return new Evaluator(
                new EvaluationPlan(
                        suite,
                        "greys",
                        Sample.from(start),
                        limit,
                        1,
                        2,
                        7,
                        2,
                        "./racnn evaluate",
                        Map.of("threads", "1")),
                GREYS,
                folder,
                Progress.UNHEARD);
    }

    private static Subject model(String name, double threshold) {
        return Subject.plain(name, "t - mean", "threshold " + threshold, LinearModel.threshold(threshold));
    }

    @Test
    void robust_accuracy_follows_from_how_far_each_image_is_from_the_boundary() throws IOException {
        Evaluation evaluation = evaluator(0, 3).run(List.of(model("linear", 0.5)));
        ModelEvaluation model = evaluation.models().getFirst();
        AttackEvaluation attack = model.attacks().getFirst();

        assertThat(model.clean()).isEqualTo(new Proportion(2, 3));
        assertThat(attack.clean()).isEqualTo(new Proportion(2, 3));
        // FGSM moves every pixel alike: 0.1 beyond the boundary for the second image, 0.3 for the first.
        assertThat(attack.curve().quantile(2 / 3.0)).isCloseTo(0.01, within(2.5e-4));
        assertThat(attack.curve().quantile(1)).isCloseTo(0.09, within(7e-4));
        assertThat(attack.curve().at(0.0095)).isEqualTo(new Proportion(2, 3));
        assertThat(attack.curve().at(0.02)).isEqualTo(new Proportion(1, 3));
        assertThat(attack.examples().get(2).msd()).isZero();
        assertThat(attack.settings()).containsEntry("epsilons", "1000");
        assertThat(evaluation.complete()).isTrue();
    }

    @Test
    void a_sequence_of_attacks_tells_its_stages_and_warnings() throws IOException {
        ThreatModel budget = new ThreatModel(Norm.LINF, 0.15);
        Suite suite = new Suite(
                "auto", List.of(new Suite.Entry(new AutoAttack(AutoAttack.Version.STANDARD, budget), List.of())));
        Evaluation evaluation = evaluator(suite, 0, 3).run(List.of(model("linear", 0.5)));
        AttackEvaluation attack = evaluation.models().getFirst().attacks().getFirst();

        // The second image is 0.1 away from the boundary, the first 0.3; the third is wrong already.
        assertThat(attack.unbroken()).isEqualTo(new Proportion(1, 3));
        assertThat(attack.stages().getFirst()).isEqualTo(new AttackEvaluation.Stage("apgd-ce", 3, 1));
        assertThat(attack.stages().getLast()).isEqualTo(new AttackEvaluation.Stage("square", 1, 1));
        assertThat(attack.flags()).anyMatch(flag -> flag.contains("apgd-t needs at least 4 classes"));
        assertThat(attack.settings()).containsEntry("apgd-ce.iterations", "100");
        assertThat(Evaluation.read(folder)).usingRecursiveComparison().isEqualTo(evaluation);
    }

    @Test
    void the_worst_case_counts_every_attack_that_succeeds_within_a_budget() throws IOException {
        ThreatModel tight = new ThreatModel(Norm.LINF, 0.05);
        Suite suite = new Suite(
                "two",
                List.of(
                        new Suite.Entry(AttackSequence.of(Pgd.fast(tight)), List.of()),
                        Suite.named("fgsm").attacks().getFirst()));
        ModelEvaluation model = evaluator(suite, 0, 3)
                .run(List.of(model("linear", 0.5)))
                .models()
                .getFirst();

        assertThat(model.worstCase(tight)).isEqualTo(new Proportion(2, 3));
        // The search for the nearest point succeeds where no attack was given this budget.
        assertThat(model.worstCase(new ThreatModel(Norm.LINF, 0.15))).isEqualTo(new Proportion(1, 3));
    }

    @Test
    void an_evaluation_survives_its_file() throws IOException {
        Evaluation evaluation = evaluator(0, 3).run(List.of(model("linear", 0.5)));

        assertThat(Evaluation.read(folder)).usingRecursiveComparison().isEqualTo(evaluation);
    }

    @Test
    void only_the_chosen_images_are_attacked_but_all_count_for_clean_accuracy() throws IOException {
        Evaluation evaluation = evaluator(1, 1).run(List.of(model("linear", 0.5)));
        ModelEvaluation model = evaluation.models().getFirst();

        assertThat(evaluation.attacked()).isEqualTo(1);
        assertThat(model.clean().n()).isEqualTo(3);
        assertThat(model.attacks().getFirst().examples())
                .extracting(ExampleOutcome::index)
                .containsExactly(1);
    }

    @Test
    void a_second_run_takes_over_what_the_first_one_finished() throws IOException {
        evaluator(0, 2).run(List.of(model("linear", 0.5)));
        AtomicInteger calls = new AtomicInteger();
        FunctionClassifier counted = FunctionClassifier.of(3, images -> {
            calls.addAndGet((int) images.size(0));
            return LinearModel.logits(images, 0.5);
        });
        Subject again = Subject.plain("linear", "t - mean", "threshold 0.5", counted);
        Evaluation whole = evaluator(0, 3).run(List.of(again));

        // Three clean images, and the third image once more by the attack, which finds it wrong already.
        assertThat(calls).hasValue(4);
        assertThat(whole.models().getFirst().attacks().getFirst().examples()).hasSize(3);
    }

    @Test
    void names_that_differ_in_one_sign_are_two_models() throws IOException {
        Evaluation evaluation = evaluator(0, 2).run(List.of(model("a_b", 0.5), model("a-b", 0.8)));

        assertThat(attack(evaluation, "a_b", Scenario.DIRECT).curve().quantile(0.5))
                .isCloseTo(0.01, within(2.5e-4));
        assertThat(attack(evaluation, "a-b", Scenario.DIRECT).curve().quantile(0.5))
                .isCloseTo(0.16, within(1e-3));
    }

    @Test
    void results_of_other_images_of_the_same_name_are_not_taken_over() throws IOException {
        evaluator(0, 2).run(List.of(model("linear", 0.5)));
        EvaluationPlan plan = new EvaluationPlan(
                Suite.named("fgsm"), "greys", Sample.from(0), 2, 1, 2, 7, 2, "./racnn evaluate", Map.of());
        Evaluator others = new Evaluator(plan, GreyImages.of(51, 103, 153), folder, Progress.UNHEARD);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> others.run(List.of(model("linear", 0.5))))
                .withMessageContaining("other models or data");
    }

    @Test
    void an_answer_that_is_no_number_is_an_error_and_not_right() {
        FunctionClassifier broken = FunctionClassifier.of(
                3, images -> LinearModel.logits(images, 0.5).mul(new Scalar(Double.NaN)));

        assertThatIllegalStateException()
                .isThrownBy(() -> evaluator(0, 2).run(List.of(Subject.plain("broken", "", "", broken))))
                .withMessageContaining("NaN");
    }

    @Test
    void results_of_another_model_are_not_taken_over() throws IOException {
        evaluator(0, 2).run(List.of(model("linear", 0.5)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluator(0, 2).run(List.of(model("linear", 0.6))))
                .withMessageContaining("other models")
                .withMessageContaining("choose another folder");
    }

    @Test
    void a_model_of_other_classes_is_refused_before_anything_is_written() {
        Subject two = Subject.plain("two", "", "", FunctionClassifier.of(2, images -> LinearModel.logits(images, 0.5)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluator(0, 2).run(List.of(two)))
                .withMessageContaining("2 classes")
                .withMessageContaining("3");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void transfer_takes_what_fools_the_surrogate_and_composite_what_fools_the_model() throws IOException {
        Subject surrogate = model("surrogate", 0.5);
        Subject near = new Subject(
                "near",
                "",
                "near",
                LinearModel.threshold(0.45),
                LinearModel.threshold(0.45),
                surrogate,
                null,
                Map.of(),
                List.of());
        Subject far = new Subject(
                "far",
                "",
                "far",
                LinearModel.threshold(0.8),
                LinearModel.threshold(0.8),
                surrogate,
                null,
                Map.of(),
                List.of());
        Evaluation evaluation = evaluator(0, 2).run(List.of(surrogate, near, far));

        // The surrogate is fooled at a mean pixel of just over 0.5: over 0.45 too, but not over 0.8.
        AttackEvaluation fools = attack(evaluation, "near", Scenario.TRANSFER);
        assertThat(fools.curve().quantile(0.5)).isCloseTo(0.01, within(2.5e-4));
        AttackEvaluation fails = attack(evaluation, "far", Scenario.TRANSFER);
        assertThat(fails.unbroken()).isEqualTo(new Proportion(2, 2));
        assertThat(fails.neverAttacked()).isZero();
        // With the surrogate's gradients but its own decisions, the model falls at its own boundary.
        assertThat(attack(evaluation, "near", Scenario.COMPOSITE).curve().quantile(0.5))
                .isCloseTo(0.0025, within(1.5e-4));
        assertThat(attack(evaluation, "far", Scenario.COMPOSITE).curve().quantile(0.5))
                .isCloseTo(0.16, within(1e-3));
    }

    @Test
    void an_image_that_the_surrogate_gets_wrong_is_no_success_of_the_model() throws IOException {
        Subject far = new Subject(
                "far",
                "",
                "far",
                LinearModel.threshold(0.8),
                LinearModel.threshold(0.8),
                model("surrogate", 0.5),
                null,
                Map.of(),
                List.of());
        AttackEvaluation transfer = attack(evaluator(0, 3).run(List.of(far)), "far", Scenario.TRANSFER);

        // 0.6 is beyond the surrogate's threshold already, and below that of the model.
        assertThat(transfer.unbroken()).isEqualTo(new Proportion(3, 3));
        assertThat(transfer.neverAttacked()).isEqualTo(1);
    }

    @Test
    void with_two_answers_only_the_third_class_is_a_mistake() throws IOException {
        // The right class 0 has the second logit at worst, since class 2 has the least.
        EvaluationPlan plan = new EvaluationPlan(
                Suite.named("fgsm"),
                "greys",
                Sample.from(0),
                3,
                2,
                0,
                7,
                2,
                "./racnn evaluate",
                Map.of("threads", "1"));
        Evaluation evaluation = new Evaluator(plan, GREYS, folder, Progress.UNHEARD).run(List.of(model("linear", 0.5)));
        ModelEvaluation model = evaluation.models().getFirst();

        assertThat(model.clean()).isEqualTo(new Proportion(3, 3));
        assertThat(model.attacks().getFirst().criterion()).isEqualTo("top-2");
        assertThat(model.attacks().getFirst().clean()).isEqualTo(new Proportion(3, 3));
        assertThat(model.attacks().getFirst().unbroken()).isEqualTo(new Proportion(3, 3));
    }

    @Test
    void budgets_of_a_suite_are_shares_of_the_range_of_the_pixels() throws IOException {
        FunctionClassifier bytes = new FunctionClassifier(
                3, new Bounds(0, 255), true, images -> LinearModel.logits(images.div(new Scalar(255.0)), 0.5));
        Evaluation evaluation = evaluator(Suite.named("sanity"), 1, 1)
                .run(List.of(model("unit", 0.43), Subject.plain("bytes", "", "bytes", bytes)));

        List<AttackEvaluation> attacks = evaluation.models().getLast().attacks();
        assertThat(attacks)
                .extracting(AttackEvaluation::budget)
                .isEqualTo(evaluation.models().getFirst().attacks().stream()
                        .map(AttackEvaluation::budget)
                        .toList());
        // The image is 0.1 away from the boundary: more than 8/255, less than the whole range.
        assertThat(attacks.get(2).unbroken().value()).isEqualTo(1);
        assertThat(attacks.get(4).unbroken().value()).isZero();
        assertThat(attacks.get(4).examples().getFirst().linf()).isBetween(0.0, 1.0);
    }

    @Test
    void hidden_gradients_are_reported() throws IOException {
        FunctionClassifier flat = FunctionClassifier.of(3, images -> LinearModel.logits(images.detach(), 0.5));
        Evaluation evaluation = evaluator(0, 2).run(List.of(Subject.plain("flat", "", "flat", flat)));

        AttackEvaluation attack = attack(evaluation, "flat", Scenario.DIRECT);
        assertThat(attack.zeroGradientShare()).isEqualTo(1);
        assertThat(attack.masked()).isTrue();
    }

    @Test
    void a_damaged_file_is_named() throws IOException {
        Files.writeString(folder.resolve(Evaluation.FILE), "{\"format\": 5, \"suit\": 3}");

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Evaluation.read(folder)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Evaluation.FILE)
                .hasMessageContaining("damaged");
    }

    private static AttackEvaluation attack(Evaluation evaluation, String model, Scenario scenario) {
        return evaluation.models().stream()
                .filter(each -> each.name().equals(model))
                .flatMap(each -> each.attacks().stream())
                .filter(each -> each.scenario() == scenario)
                .findFirst()
                .orElseThrow();
    }
}
