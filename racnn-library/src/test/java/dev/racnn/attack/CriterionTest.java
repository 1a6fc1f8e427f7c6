package dev.racnn.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.Fab;
import dev.racnn.attack.autoattack.Square;
import dev.racnn.attack.modern.Boundary;
import dev.racnn.attack.modern.CarliniWagner;
import dev.racnn.attack.modern.Ddn;
import dev.racnn.attack.modern.DeepFool;
import dev.racnn.attack.modern.Fmn;
import dev.racnn.attack.modern.HopSkipJump;
import dev.racnn.attack.modern.Pgd;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks under criteria other than a wrong answer. */
class CriterionTest {
    private static final ThreatModel WIDE = new ThreatModel(Norm.LINF, 0.3);
    private static final Examples EXAMPLES = CurvedModel.examples(6).at(0, 1, 2, 3, 4);
    private static final CarliniWagner CW = new CarliniWagner(new CarliniWagner.Settings(4, 100, 0.05, 0, 0.1));

    private static Stream<Named<Attack>> nearest() {
        return Stream.of(
                        new Ddn(new Ddn.Settings(40, 1, 0.05)),
                        new Fmn(Norm.L2, new Fmn.Settings(60, 1, 0.05)),
                        new Fmn(Norm.LINF, new Fmn.Settings(60, 1, 0.05)),
                        CW,
                        Fab.nearest(false, Norm.L2),
                        Fab.nearest(false, Norm.LINF),
                        Fab.nearest(true, Norm.L2),
                        Fab.nearest(true, Norm.LINF))
                .map(attack -> named(attack.name() + " " + attack.distance(), attack));
    }

    static Stream<Named<Attack>> attacksOnTopK() {
        Stream<Attack> more = Stream.of(
                new DeepFool(Norm.L2, DeepFool.Settings.MODERN),
                new DeepFool(Norm.LINF, DeepFool.Settings.MODERN),
                new dev.racnn.attack.paper.DeepFool(dev.racnn.attack.paper.DeepFool.Settings.PAPER),
                Pgd.projected(WIDE),
                Apgd.logitsRatio(WIDE, Apgd.Settings.STANDARD),
                new Square(WIDE, Square.Settings.STANDARD),
                new Boundary(Boundary.Settings.MODERN.withSteps(200)),
                new HopSkipJump(Norm.L2, new HopSkipJump.Settings(3, 30, 100)));
        return Stream.concat(nearest(), more.map(attack -> named(attack.name() + " " + attack.distance(), attack)));
    }

    static Stream<Named<Attack>> attacksOnTargets() {
        return Stream.concat(
                nearest(),
                Stream.of(
                                Apgd.crossEntropy(WIDE, Apgd.Settings.STANDARD),
                                Apgd.logitsRatio(WIDE, Apgd.Settings.STANDARD),
                                Apgd.targeted(WIDE, Apgd.Settings.STANDARD))
                        .map(attack -> named(attack.name(), attack)));
    }

    @ParameterizedTest
    @MethodSource("attacksOnTopK")
    void the_label_can_be_pushed_out_of_the_three_best(Attack attack) throws IOException {
        AttackResult result = new AttackRunner(CurvedModel.classifier())
                .withCriterion(Criterion.topK(3))
                .run(attack, EXAMPLES);
        assertThat(result.robustAccuracy()).isZero();
    }

    @ParameterizedTest
    @MethodSource("attacksOnTargets")
    void every_other_class_can_be_reached(Attack attack) throws IOException {
        for (int shift = 1; shift < CurvedModel.CLASSES; shift++) {
            int by = shift;
            AttackResult result = new AttackRunner(CurvedModel.classifier())
                    .withCriterion(Criterion.targeted((label, _) -> (label + by) % CurvedModel.CLASSES))
                    .run(attack, EXAMPLES);
            assertThat(result.robustAccuracy()).as("target at label + %d", by).isZero();
        }
    }

    @Test
    void clean_accuracy_follows_the_criterion() throws IOException {
        Classifier constant = FunctionClassifier.of(
                3, images -> Tensors.of(new float[] {3, 2, 1}, 1, 3).expand(images.size(0), 3));
        Examples one = LinearModel.grey(0.1, 0.2, 0.3);
        Examples examples = new Examples(one.size(), one.images(), new int[] {0, 1, 2}, one.indices());
        Boundary none = new Boundary(Boundary.Settings.MODERN.withSteps(1));
        AttackRunner runner = new AttackRunner(constant);
        AttackResult topTwo = runner.withCriterion(Criterion.topK(2)).run(none, examples);
        assertThat(topTwo.cleanAccuracy()).isEqualTo(2 / 3.0);
        assertThat(topTwo.robustAccuracy()).isEqualTo(2 / 3.0);
        assertThat(runner.run(none, examples).cleanAccuracy()).isEqualTo(1 / 3.0);
        assertThat(runner.withCriterion(Criterion.targeted(0))
                        .run(none, examples)
                        .cleanAccuracy())
                .isEqualTo(1 / 3.0);
    }

    @Test
    void decision_based_attacks_start_at_another_image_where_no_noise_is_adversarial() throws IOException {
        Examples grey = LinearModel.grey(0.3, 0.95);
        Examples examples = new Examples(grey.size(), grey.images(), new int[] {0, 1}, grey.indices());
        // The mean of noise is never above 0.95; that of the second image is above 0.94.
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.94)).withCriterion(Criterion.targeted(1));
        for (Attack attack : new Attack[] {
            new Boundary(Boundary.Settings.MODERN.withSteps(20)),
            new HopSkipJump(Norm.L2, new HopSkipJump.Settings(1, 10, 10))
        }) {
            assertThat(runner.run(attack, examples).outcomes().getFirst().success())
                    .as(attack.name())
                    .isTrue();
            assertThat(runner.run(attack, examples.at(0)).robustAccuracy()).isEqualTo(1);
        }
    }

    @Test
    void a_top_k_of_all_classes_is_refused() {
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.5)).withCriterion(Criterion.topK(3));
        assertThatThrownBy(() -> runner.run(CW, LinearModel.grey(0.3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("criterion 'top-3' needs more than 3 classes, but the model has 3; lower its k");
    }

    @Test
    void cw_goes_on_where_only_the_surrogate_is_fooled() throws IOException {
        AttackRunner runner = new AttackRunner(LinearModel.threshold(0.7))
                .withGradients(GradientPath.through(LinearModel.threshold(0.5), "surrogate"));
        assertThat(runner.run(CW, LinearModel.grey(0.3)).robustAccuracy()).isZero();
    }

    @Test
    void an_answer_that_holds_no_number_is_a_mistake() {
        float nan = Float.NaN;
        for (float[] logits : new float[][] {{nan, 1}, {1, nan}, {nan, nan}}) {
            assertThat(new Misclassified(1).isAdversarial(logits, 0, 0)).isTrue();
            assertThat(new Misclassified(1).isAdversarial(logits, 1, 0)).isTrue();
        }
        assertThat(new Misclassified(1).isAdversarial(new float[] {1, 1}, 0, 0)).isFalse();
        assertThat(new Misclassified(1).isAdversarial(new float[] {1, 1}, 1, 0)).isTrue();
    }
}
