package dev.racnn.attack.autoattack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.CurvedModel;
import dev.racnn.attack.Examples;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.HealthFlag;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SuiteResult;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.modern.Pgd;
import dev.racnn.model.Classifier;
import dev.racnn.model.FunctionClassifier;
import java.io.IOException;
import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class AutoAttackTest {
    private static final ThreatModel BUDGET = new ThreatModel(Norm.LINF, 0.1);
    private static final AutoAttack STANDARD = new AutoAttack(AutoAttack.Version.STANDARD, BUDGET);
    private static final Examples EXAMPLES = CurvedModel.examples(6);

    private static List<HealthFlag.Kind> kinds(List<HealthFlag> flags) {
        return flags.stream().map(HealthFlag::kind).distinct().toList();
    }

    private static List<HealthFlag.Kind> before(Classifier classifier) {
        HealthCheck check = new HealthCheck(STANDARD, new AttackRunner(classifier));
        check.before(EXAMPLES);
        return kinds(check.flags());
    }

    @Test
    void the_suite_ends_with_the_first_attack_that_leaves_nothing() throws IOException {
        SuiteResult result = STANDARD.run(new AttackRunner(CurvedModel.classifier()), EXAMPLES);
        assertThat(result.robustAccuracy()).isZero();
        assertThat(result.stages()).extracting(SuiteResult.Stage::attack).containsExactly("apgd-ce");
        assertThat(result.flags()).isEmpty();
        assertThat(result.worstCase().cleanAccuracy()).isEqualTo(5 / 6.0);
    }

    @Test
    void later_attacks_see_survivors_only_and_queries_add_up() throws IOException {
        ThreatModel tight = new ThreatModel(Norm.LINF, 0.012);
        SuiteResult result = new AutoAttack(AutoAttack.Version.RAND, tight)
                .run(new AttackRunner(CurvedModel.classifier()), EXAMPLES);
        SuiteResult.Stage first = result.stages().getFirst();
        SuiteResult.Stage second = result.stages().get(1);
        assertThat(first.attacked()).isEqualTo(6);
        assertThat(second.attacked())
                .isEqualTo((int) Math.round(6 * first.robustAccuracy()))
                .isPositive();
        assertThat(second.result().outcomes()).hasSize(second.attacked());
        assertThat(result.worstCase().outcomes()).hasSize(6);
        long queries = result.stages().stream()
                .flatMap(stage -> stage.result().outcomes().stream())
                .mapToLong(outcome -> outcome.gradientQueries())
                .sum();
        assertThat(result.worstCase().outcomes().stream()
                        .mapToLong(outcome -> outcome.gradientQueries())
                        .sum())
                .isEqualTo(queries);
    }

    @Test
    void a_layer_that_kills_gradients_is_reported_and_does_not_help() throws IOException {
        Classifier masked = CurvedModel.behind(Tensor::detach);
        SuiteResult result = STANDARD.run(new AttackRunner(masked), EXAMPLES);
        assertThat(result.masked()).isTrue();
        assertThat(kinds(result.flags())).contains(HealthFlag.Kind.ZERO_GRADIENTS);
        assertThat(result.robustAccuracy()).isZero();
    }

    /** The classifier behind a layer of which autograd sees next to nothing: the mean pixel, the same for every class. */
    private static Classifier leaking() {
        Classifier plain = CurvedModel.classifier();
        return FunctionClassifier.of(CurvedModel.CLASSES, images -> {
            Tensor mean = images.flatten(1, -1).mean(1).unsqueeze(1);
            return plain.logits(images.detach()).add(mean.mul(new Scalar(1e-12)));
        });
    }

    /** The classifier with gradients that are right but a million million times too small. */
    private static Classifier shrunk() {
        Classifier plain = CurvedModel.classifier();
        return FunctionClassifier.of(CurvedModel.CLASSES, images -> {
            Tensor logits = plain.logits(images);
            return logits.detach().add(logits.sub(logits.detach()).mul(new Scalar(1e-12)));
        });
    }

    @Test
    void gradients_below_the_noise_are_reported_and_do_not_help() throws IOException {
        for (Classifier classifier : List.of(leaking(), shrunk())) {
            SuiteResult result = STANDARD.run(new AttackRunner(classifier), EXAMPLES);
            assertThat(result.masked()).isTrue();
            assertThat(kinds(result.flags())).contains(HealthFlag.Kind.ZERO_GRADIENTS);
            assertThat(result.robustAccuracy()).isZero();
            assertThat(new AttackRunner(classifier)
                            .run(Pgd.projected(BUDGET), EXAMPLES)
                            .masked())
                    .isTrue();
        }
    }

    @Test
    void gradients_that_do_not_raise_the_loss_are_flagged() {
        // The sign of every gradient is wrong.
        Classifier plain = CurvedModel.classifier();
        Classifier misleading = FunctionClassifier.of(CurvedModel.CLASSES, images -> {
            Tensor logits = plain.logits(images);
            return logits.detach().mul(new Scalar(2.0)).sub(logits);
        });
        assertThat(before(misleading)).containsExactly(HealthFlag.Kind.USELESS_GRADIENTS);

        // Also where attacks ask another classifier than the one that is served, such as the same in a finer precision.
        HealthCheck check = new HealthCheck(
                STANDARD,
                new AttackRunner(plain)
                        .withSearched(misleading)
                        .withGradients(GradientPath.through(misleading, "autograd")));
        check.before(EXAMPLES);
        assertThat(kinds(check.flags())).containsExactly(HealthFlag.Kind.USELESS_GRADIENTS);
    }

    @Test
    void where_gradients_are_hidden_square_goes_on_with_the_survivors() throws IOException {
        SuiteResult result = new AutoAttack(AutoAttack.Version.STANDARD, new ThreatModel(Norm.LINF, 0.001))
                .run(new AttackRunner(CurvedModel.behind(Tensor::detach)), EXAMPLES.at(0));
        assertThat(result.stages())
                .extracting(SuiteResult.Stage::attack)
                .containsExactly("apgd-ce", "apgd-t", "fab-t", "square", "square-long");
        assertThat(result.stages().getLast().result().outcomes().getFirst().forwardQueries())
                .isGreaterThan(20_000);
    }

    @Test
    void too_few_classes_are_flagged_and_the_rest_goes_on() throws IOException {
        SuiteResult result = new AutoAttack(AutoAttack.Version.STANDARD, new ThreatModel(Norm.LINF, 0.001))
                .run(new AttackRunner(CurvedModel.classifier()), EXAMPLES.at(0));
        assertThat(kinds(result.flags())).containsExactly(HealthFlag.Kind.FEW_CLASSES);
        assertThat(result.stages())
                .extracting(SuiteResult.Stage::attack)
                .containsExactly("apgd-ce", "apgd-t", "fab-t", "square");
    }

    @Test
    void a_healthy_classifier_raises_no_flag_beforehand() {
        assertThat(before(CurvedModel.classifier())).isEmpty();
    }

    @Test
    void answers_that_change_from_pass_to_pass_are_flagged() {
        Classifier noisy =
                CurvedModel.behind(images -> images.add(torch.randn_like(images).mul(new Scalar(0.01))));
        assertThat(before(noisy)).containsExactly(HealthFlag.Kind.RANDOMISED);
    }

    @Test
    void probabilities_are_flagged() {
        Classifier plain = CurvedModel.classifier();
        Classifier soft = FunctionClassifier.of(CurvedModel.CLASSES, images -> torch.softmax(plain.logits(images), 1));
        assertThat(before(soft)).containsExactly(HealthFlag.Kind.PROBABILITIES);
    }

    @Test
    void a_classifier_that_takes_gradients_itself_is_flagged() {
        Classifier plain = CurvedModel.classifier();
        Classifier purifying = CurvedModel.behind(images -> {
            try (var _ = new AutoGradMode(true)) {
                Tensor input = images.detach();
                input.set_requires_grad(true);
                Tensor gradient = torch.grad(
                                new TensorVector(plain.logits(input).square().sum()), new TensorVector(input))
                        .get(0);
                return images.sub(gradient.mul(new Scalar(0.001)));
            }
        });
        assertThat(before(purifying)).containsExactly(HealthFlag.Kind.OPTIMISES);
    }
}
