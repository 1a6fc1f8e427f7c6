package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.Progress;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.paper.Fgsm;
import dev.racnn.candidates.LiveCandidateSet;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.racnn.Bundle;
import dev.racnn.report.HtmlReport;
import dev.racnn.report.MarkdownReport;
import dev.racnn.report.TextReport;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One small RaCNN through training, index, evaluation and report. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetrievalEvaluationTest {
    private static final int K = 3;

    private Path bundle = Path.of("");
    private Evaluation evaluation;
    private Evaluation approximate;

    @BeforeAll
    void evaluate(@TempDir Path folder) throws IOException {
        bundle = folder.resolve("bundle");
        TinyBundle.make(bundle);
        evaluation = evaluate(bundle, folder.resolve("out"), "exact");
        approximate = evaluate(bundle, folder.resolve("approximate"), "codes:bits=64,shortlist=3");
    }

    private static Evaluation evaluate(Path bundle, Path out, String engine) throws IOException {
        Dataset test = TinyBundle.images(8, 3);
        EvaluationPlan plan = new EvaluationPlan(
                new Suite(
                        "coarse",
                        List.of(new Suite.Entry(
                                AttackSequence.of(new Fgsm(new Fgsm.Settings(20))), List.of(0.01, 0.04)))),
                "noise",
                Sample.from(0),
                8,
                1,
                2,
                0,
                8,
                "./racnn evaluate",
                Map.of());
        try (Subjects subjects = new Subjects(1, Precision.AUTO, test.classNames())) {
            subjects.searchWith(EngineFactory.parse(engine));
            subjects.open(bundle, List.of());
            return new Evaluator(plan, test, out, Progress.UNHEARD).run(subjects.all());
        }
    }

    @Test
    void the_adaptive_suite_comes_first_and_its_attacker_knows_everything(@TempDir Path out) throws IOException {
        Dataset test = TinyBundle.images(4, 3);
        // Within the whole range of the pixels nothing withstands, so that the suite is soon done.
        Suite suite = Suite.adaptive(List.of(new ThreatModel(Norm.LINF, 1)));
        EvaluationPlan plan =
                new EvaluationPlan(suite, "noise", Sample.from(0), 4, 1, 0, 0, 4, "./racnn evaluate", Map.of());
        try (Subjects subjects = new Subjects(1, Precision.FP32, test.classNames())) {
            subjects.open(bundle, List.of());
            Subject racnn = subjects.all().getLast();
            Evaluation evaluated = new Evaluator(plan, test, out, Progress.UNHEARD).run(List.of(racnn));
            AttackEvaluation first = evaluated.models().getFirst().attacks().getFirst();
            assertThat(first.attack()).isEqualTo("adaptive");
            assertThat(first.scenario()).isEqualTo(Scenario.WHITE_BOX);
            assertThat(first.unbroken().count()).isZero();
            assertThat(first.gradientPath()).contains("candidates included");
            assertThat(first.stages())
                    .extracting(AttackEvaluation.Stage::attack)
                    .startsWith("joint");
            assertThat(HtmlReport.of(evaluated))
                    .contains("white box", "all candidates", "Can it be believed?", "cosine", "Is nothing left");
            assertThat(MarkdownReport.of(evaluated))
                    .contains("| Is nothing left where pixels may change at will? | yes: 0 images are left |");
        }
    }

    private ModelEvaluation racnn() {
        return evaluation.models().getLast();
    }

    @Test
    void a_racnn_comes_with_its_surrogate_and_is_named_as_in_the_paper() {
        assertThat(evaluation.models())
                .extracting(ModelEvaluation::name)
                .containsExactly("Surrogate", "RaCNN-K3-mixup");
        assertThat(racnn().attacks())
                .extracting(AttackEvaluation::scenario)
                .containsExactly(Scenario.DIRECT, Scenario.TRANSFER, Scenario.COMPOSITE);
    }

    @Test
    void another_precision_or_another_candidate_set_makes_another_model() throws IOException {
        String identity = identity(Precision.AUTO);
        assertThat(identity(Precision.FP32)).isEqualTo(identity);
        assertThat(identity(Precision.BF16)).isNotEqualTo(identity);
        try (LiveCandidateSet live = LiveCandidateSet.open(bundle.resolve(Bundle.CANDIDATES))) {
            live.relabel(0, 1);
        }
        assertThat(identity(Precision.AUTO)).isNotEqualTo(identity);
    }

    @Test
    void attacks_search_in_fp32_and_are_judged_in_the_precision_that_is_served() throws IOException {
        Dataset images = TinyBundle.images(8, 5);
        try (Subjects served = new Subjects(1, Precision.BF16, images.classNames());
                Subjects exact = new Subjects(1, Precision.FP32, images.classNames());
                var _ = Scope.open()) {
            served.open(bundle, List.of());
            exact.open(bundle, List.of());
            Tensor pixels = Batch.range(images, 0, 8).images();
            for (int i = 0; i < served.all().size(); i++) {
                float[] coarse =
                        Tensors.toFloats(served.all().get(i).classifier().logits(pixels));
                float[] fine = Tensors.toFloats(exact.all().get(i).classifier().logits(pixels));
                assertThat(Tensors.toFloats(served.all().get(i).searched().logits(pixels)))
                        .containsExactly(fine)
                        .isNotEqualTo(coarse);
            }
        }
    }

    private String identity(Precision precision) throws IOException {
        try (Subjects subjects =
                new Subjects(1, precision, TinyBundle.images(1, 3).classNames())) {
            subjects.open(bundle, List.of());
            return subjects.all().getLast().identity();
        }
    }

    @Test
    void settings_and_log_of_the_training_come_along() {
        assertThat(racnn().configuration())
                .containsEntry("retrieval.neighbours", "3")
                .containsEntry("precision", "FP32")
                .containsKey("weights SHA-256");
        assertThat(racnn().training()).hasSize(4);
    }

    @Test
    void diagnostics_of_the_retrieval_lie_in_their_ranges() {
        NeighbourQuality quality = Objects.requireNonNull(racnn().retrieval());
        assertThat(quality.candidates()).isEqualTo(24);
        assertThat(quality.k()).isEqualTo(K);
        assertThat(quality.purity()).isBetween(0.0, 1.0);
        assertThat(quality.attentionEntropy()).isBetween(0.0, Math.log(K) + 1e-6);
        assertThat(quality.vote().n()).isEqualTo(8);
    }

    @Test
    void an_approximate_engine_is_named_with_its_recall_on_the_test_images() {
        NeighbourQuality quality =
                Objects.requireNonNull(approximate.models().getLast().retrieval());
        assertThat(quality.engine()).isEqualTo("codes:bits=64,shortlist=3");
        assertThat(quality.recallQueries()).isEqualTo(8);
        // Three of 24 by a single random direction: some of the true ones, but not all.
        assertThat(quality.recall()).isGreaterThan(0).isLessThan(1);
        assertThat(HtmlReport.of(approximate)).contains("against exact search on 8 queries");
        assertThat(Objects.requireNonNull(racnn().retrieval()).recall()).isEqualTo(1);
    }

    @Test
    void the_gallery_shows_k_neighbours_whose_weights_sum_to_one() {
        for (GalleryExample example : racnn().gallery()) {
            for (GalleryRow row : List.of(example.clean(), example.adversarial())) {
                assertThat(row.neighbours()).hasSize(K);
                assertThat(row.neighbours().stream()
                                .mapToDouble(GalleryNeighbour::weight)
                                .sum())
                        .isBetween(1 - 1e-5, 1 + 1e-5);
                assertThat(row.neighbours())
                        .extracting(GalleryNeighbour::squaredDistance)
                        .isSorted();
            }
            assertThat(example.clean().prediction()).isEqualTo(example.label());
            assertThat(example.adversarial().prediction()).isNotEqualTo(example.label());
        }
    }

    @Test
    void the_page_holds_everything_and_asks_for_nothing() {
        String page = HtmlReport.of(evaluation);

        assertThat(page).contains("RaCNN-K3-mixup", "Scenario 2 (a)", "gray-box", "retrieval.neighbours", "<svg");
        assertThat(page).doesNotContain("<script", "src=\"http", "href=", "url(", "@import", "%s", "%d");
        assertThat(TextReport.of(evaluation))
                .contains("RaCNN-K3-mixup", "Scenario 1", "median L2")
                .doesNotContain("NaN");
    }
}
