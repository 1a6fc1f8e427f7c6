package dev.racnn.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.racnn.Part;
import dev.racnn.Progress;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ExampleOutcome;
import dev.racnn.evaluation.GalleryNeighbour;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.Scenario;
import dev.racnn.report.HtmlReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExperimentRunTest {
    private static final List<Scenario> OF_THE_PAPER = List.of(Scenario.DIRECT, Scenario.TRANSFER, Scenario.COMPOSITE);

    private static final int ALL = Integer.MAX_VALUE;

    private Path home = Path.of("");
    private Path whole = Path.of("");
    private Evaluation evaluation;
    private final List<Progress> steps = new ArrayList<>();

    @BeforeAll
    void run(@TempDir Path folder) throws IOException {
        home = folder.resolve("home");
        TinyExperiment.prepare(home);
        whole = folder.resolve("whole");
        evaluation = TinyExperiment.run(home, whole, Part.WHOLE, ALL, steps::add);
    }

    private AttackEvaluation attack(String model, String attack, Scenario scenario) {
        return model(model).attacks().stream()
                .filter(each -> each.attack().equals(attack) && each.scenario() == scenario)
                .findFirst()
                .orElseThrow();
    }

    private ModelEvaluation model(String name) {
        return evaluation.models().stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void models_around_one_extractor_have_one_surrogate() {
        assertThat(evaluation.complete()).isTrue();
        assertThat(evaluation.models())
                .extracting(ModelEvaluation::name)
                .containsExactly("Baseline", "Surrogate", "RaCNN-K3", "RaCNN-K5");
    }

    @Test
    void results_are_none_that_any_answer_would_give() {
        // Of four images some are right and some of these are fooled, so that equal results below mean something.
        AttackEvaluation attack = attack("RaCNN-K3", "fgsm", Scenario.DIRECT);
        assertThat(attack.clean().count()).isGreaterThan(1);
        assertThat(attack.examples())
                .extracting(ExampleOutcome::msd)
                .filteredOn(msd -> msd != null && msd > 0)
                .isNotEmpty();
        assertThat(attack("RaCNN-K5", "fgsm", Scenario.TRANSFER).examples())
                .isNotEqualTo(attack("RaCNN-K5", "fgsm", Scenario.COMPOSITE).examples());
    }

    @Test
    void every_model_meets_every_attack_on_the_same_images() {
        List<Integer> images = attack("Baseline", "fgsm", Scenario.DIRECT).examples().stream()
                .map(ExampleOutcome::index)
                .toList();
        assertThat(images).hasSize(4).doesNotHaveDuplicates();
        for (ModelEvaluation model : evaluation.models()) {
            assertThat(model.clean().n()).isEqualTo(12);
            boolean racnn = model.retrieval() != null;
            assertThat(model.attacks())
                    .extracting(AttackEvaluation::scenario)
                    .containsExactlyElementsOf(
                            Collections.nCopies(2, racnn ? OF_THE_PAPER : List.of(Scenario.DIRECT)).stream()
                                    .flatMap(List::stream)
                                    .toList());
            for (AttackEvaluation attack : model.attacks()) {
                int n = attack.attack().equals("fgsm") ? 4 : 2;
                assertThat(attack.examples()).extracting(ExampleOutcome::index).isEqualTo(images.subList(0, n));
            }
        }
    }

    @Test
    void a_worst_case_counts_the_images_that_every_attack_was_run_on() {
        ModelEvaluation model = model("RaCNN-K3");
        double[] nearest = Objects.requireNonNull(model.worstCase()).distances();
        double[] ofBoundary =
                attack("RaCNN-K3", "boundary", Scenario.DIRECT).curve().distances();

        assertThat(nearest).hasSize(2);
        assertThat(nearest[1]).isLessThanOrEqualTo(ofBoundary[1]);
        assertThat(HtmlReport.of(evaluation)).contains("<h1>A few images</h1>", "Boundary was run on 2 images");
    }

    @Test
    void an_attack_without_gradients_is_the_same_whosever_gradients_there_are() {
        assertThat(attack("RaCNN-K3", "boundary", Scenario.COMPOSITE).examples())
                .isEqualTo(attack("RaCNN-K3", "boundary", Scenario.DIRECT).examples());
    }

    @Test
    void somebody_who_knows_everything_attacks_image_by_image_what_the_attacks_before_have_left(@TempDir Path folder)
            throws IOException {
        Experiment adaptive = ExperimentFile.read(Files.writeString(home.resolve("adaptive.yaml"), """
            models:
              Baseline: {bundle: models/cifar10-baseline}
              RaCNN: {bundle: models/cifar10-racnn-k10-mixup, neighbours: 3}
            attacks:
              - attack: adaptive
                profile: modern
                epsilon: 0.005
                images: 4
                batch: 1
                set: {steps: 1, targets: 1, plainSteps: 1, restarts: 1, queries: 10}
            """));

        List<ModelEvaluation> models = TinyExperiment.run(
                        adaptive, new TinyExperiment.FewImages(0), folder, Part.WHOLE, ALL, Progress.UNHEARD)
                .models();

        assertThat(models.getFirst().attacks()).singleElement().returns(Scenario.DIRECT, AttackEvaluation::scenario);
        AttackEvaluation attack = models.getLast().attacks().getFirst();
        assertThat(attack.scenario()).isEqualTo(Scenario.WHITE_BOX);
        List<AttackEvaluation.Stage> stages = attack.stages();
        // Of the images one is broken at once and another never, so that their stages are not the same.
        assertThat(stages.getFirst().attacked()).isEqualTo(4);
        assertThat(stages.getFirst().survivors()).isBetween(1, 3);
        for (int i = 1; i < stages.size(); i++) {
            assertThat(stages.get(i).attacked()).isEqualTo(stages.get(i - 1).survivors());
        }
        assertThat(stages)
                .extracting(AttackEvaluation.Stage::attack)
                .doesNotHaveDuplicates()
                .contains("joint", "transfer-baseline", "square");
        assertThat(attack.unbroken().count()).isEqualTo(stages.getLast().survivors());
    }

    @Test
    void points_made_once_are_those_that_each_model_would_have_had_made(@TempDir Path folder) throws IOException {
        // The second RaCNN alone: the surrogate is attacked for it.
        Experiment all = TinyExperiment.experiment(home);
        Experiment alone = new Experiment(
                all.title(),
                false,
                all.seed(),
                1,
                all.gallery(),
                List.of(all.models().getLast()),
                all.attacks(),
                List.of());
        Evaluation itsOwn =
                TinyExperiment.run(alone, new TinyExperiment.FewImages(0), folder, Part.WHOLE, ALL, Progress.UNHEARD);

        List<AttackEvaluation> transfers = itsOwn.models().getLast().attacks().stream()
                .filter(attack -> attack.scenario() == Scenario.TRANSFER)
                .toList();
        assertThat(transfers)
                .hasSize(2)
                .allSatisfy(transfer -> assertThat(transfer.examples())
                        .isEqualTo(attack("RaCNN-K5", transfer.attack(), Scenario.TRANSFER)
                                .examples()));
    }

    @Test
    void a_second_run_computes_nothing_and_says_the_same() throws IOException {
        List<Progress> again = new ArrayList<>();
        Evaluation same = TinyExperiment.run(home, whole, Part.WHOLE, ALL, again::add);

        assertThat(again).isEmpty();
        assertThat(same(same, evaluation)).isTrue();
    }

    @Test
    void fewer_images_first_and_more_later_come_to_the_same(@TempDir Path folder) throws IOException {
        Evaluation fewer = TinyExperiment.run(home, folder, Part.WHOLE, 2, Progress.UNHEARD);
        assertThat(fewer.attacked()).isEqualTo(2);
        Evaluation more = TinyExperiment.run(home, folder, Part.WHOLE, ALL, Progress.UNHEARD);

        assertThat(same(more, evaluation)).isTrue();
    }

    @Test
    void four_parts_joined_are_one_run(@TempDir Path folder) throws IOException {
        List<Path> parts = new ArrayList<>();
        for (int part = 1; part <= 4; part++) {
            Path out = folder.resolve("part " + part);
            parts.add(out);
            TinyExperiment.run(home, out, new Part(part, 4), ALL, Progress.UNHEARD);
        }
        Evaluation three = ExperimentMerge.merge(parts.subList(0, 3), folder.resolve("three"), "merge");
        assertThat(three.complete()).isFalse();
        Evaluation joined = ExperimentMerge.merge(parts, folder.resolve("joined"), "merge");

        assertThat(same(joined, evaluation)).isTrue();
        assertThat(same(Evaluation.read(folder.resolve("joined")), evaluation)).isTrue();
    }

    @Test
    void parts_of_different_experiments_are_not_joined(@TempDir Path folder) throws IOException {
        Experiment all = TinyExperiment.experiment(home);
        Experiment others = new Experiment(
                all.title(),
                false,
                all.seed() + 1,
                1,
                0,
                all.models(),
                all.attacks().subList(1, 2),
                List.of());
        TinyExperiment.run(
                others, new TinyExperiment.FewImages(0), folder.resolve("other"), new Part(1, 2), 2, Progress.UNHEARD);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExperimentMerge.merge(
                        List.of(whole, folder.resolve("other")), folder.resolve("joined"), "merge"))
                .withMessageContaining("attacks differ");
        assertThat(folder.resolve("joined")).doesNotExist();
    }

    @Test
    void results_of_other_images_are_refused(@TempDir Path folder) throws IOException {
        Experiment experiment = TinyExperiment.experiment(home);
        TinyExperiment.run(home, folder, Part.WHOLE, 1, Progress.UNHEARD);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TinyExperiment.run(
                        experiment, new TinyExperiment.FewImages(12), folder, Part.WHOLE, 1, Progress.UNHEARD))
                .withMessageContaining("made with another test images");
    }

    @Test
    void a_run_that_is_killed_again_and_again_ends_with_the_same_evaluation(@TempDir Path folder) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        String last = "";
        for (int attempt = 0; !last.equals("finished"); attempt++) {
            assertThat(attempt).isLessThan(40);
            Process process = process(home, folder);
            int lines = random.nextInt(1, 12);
            try (BufferedReader out = process.inputReader()) {
                for (int i = 0; i < lines || attempt >= 3; i++) {
                    String line = out.readLine();
                    if (line == null) {
                        break;
                    }
                    last = line;
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
        }

        assertThat(same(Evaluation.read(folder), evaluation)).isTrue();
    }

    @Test
    void progress_tells_the_time_left_over_all_cells() {
        List<Progress> cells =
                steps.stream().filter(step -> step.stage().equals("experiment")).toList();

        assertThat(cells).extracting(Progress::detail).allMatch(detail -> detail.endsWith(" left"));
        assertThat(cells.getLast().finished()).isTrue();
    }

    @Test
    void numbers_of_the_paper_and_neighbours_come_along() {
        assertThat(evaluation.published()).hasSize(3);
        assertThat(Objects.requireNonNull(model("RaCNN-K3").retrieval()).vote().n())
                .isEqualTo(12);
        assertThat(model("RaCNN-K3").gallery()).isNotEmpty();
        assertThat(model("RaCNN-K3").training()).isNotEmpty();
        assertThat(model("RaCNN-K3").configuration()).containsEntry("retrieval.neighbours", "10");
    }

    @Test
    void frozen_neighbours_are_those_of_the_clean_image_in_every_scenario(@TempDir Path folder) throws IOException {
        String bundle = "{bundle: models/cifar10-racnn-k10-mixup, neighbours: 3";
        Experiment experiment =
                ExperimentFile.read(Files.writeString(home.resolve("frozen.yaml"), """
                    gallery: 1
                    models:
                      fresh: %1$s}
                      frozen: %1$s, frozenNeighbours: true}
                    attacks:
                      - {attack: fgsm, set: {epsilons: 10}, images: 4, scenarios: [1, 2a, 2b], msd: [1e-2, 4e-2]}
                    """.formatted(bundle)));
        Evaluation both = TinyExperiment.run(
                experiment, new TinyExperiment.FewImages(0), folder, Part.WHOLE, ALL, Progress.UNHEARD);

        ModelEvaluation fresh = both.models().get(1);
        ModelEvaluation frozen = both.models().get(2);
        assertThat(frozen.clean()).isEqualTo(fresh.clean());
        assertThat(frozen.retrieval()).isEqualTo(fresh.retrieval());
        for (int i = 0; i < OF_THE_PAPER.size(); i++) {
            assertThat(Objects.requireNonNull(fresh.attacks().get(i).neighbours())
                            .churn())
                    .isPositive();
            assertThat(frozen.attacks().get(i).neighbours()).satisfies(shift -> {
                assertThat(shift.n()).isPositive();
                assertThat(shift.churn()).isZero();
                assertThat(shift.purityAfter()).isEqualTo(shift.purityBefore());
                assertThat(shift.entropyAfter()).isNotEqualTo(shift.entropyBefore());
            });
        }
        assertThat(frozen.gallery())
                .allSatisfy(example -> assertThat(example.adversarial().neighbours())
                        .extracting(GalleryNeighbour::id)
                        .isEqualTo(example.clean().neighbours().stream()
                                .map(GalleryNeighbour::id)
                                .toList()));
    }

    @Test
    void an_attacker_follows_the_candidates_that_they_have_and_the_model_decides_with_its_own(@TempDir Path folder)
            throws IOException {
        String bundle = "{bundle: models/cifar10-racnn-k10-mixup, neighbours: 3";
        Experiment experiment =
                ExperimentFile.read(Files.writeString(home.resolve("hidden.yaml"), """
                    gallery: 0
                    models:
                      plain: {bundle: models/cifar10-baseline}
                      first: %1$s, candidates: 1/2}
                      second: %1$s, candidates: 2/2}
                      hidden: %1$s, candidates: 2/2, attacker: first}
                      open: %1$s, candidates: 2/2, attacker: second}
                    attacks:
                      - {attack: nearest, profile: modern, norm: l2, epsilon: 3, set: {plainSteps: 5}, images: 4}
                    """.formatted(bundle)));
        Evaluation all = TinyExperiment.run(
                experiment, new TinyExperiment.FewImages(0), folder, Part.WHOLE, ALL, Progress.UNHEARD);
        Map<String, ModelEvaluation> models =
                all.models().stream().collect(Collectors.toMap(ModelEvaluation::name, model -> model));

        // There is no retrieval to know.
        assertThat(Objects.requireNonNull(models.get("plain")).attacks()).isEmpty();
        assertThat(outcomes(models, "open")).isEqualTo(outcomes(models, "second"));
        assertThat(outcomes(models, "hidden")).isNotEqualTo(outcomes(models, "second"));
        // Decisions are of the model: what is right unperturbed is so whoever attacks it.
        for (String name : List.of("hidden", "open")) {
            assertThat(Objects.requireNonNull(models.get(name)).clean())
                    .isEqualTo(Objects.requireNonNull(models.get("second")).clean());
        }
        assertThat(Objects.requireNonNull(models.get("hidden")).formula()).endsWith(", known as first");
    }

    private static List<ExampleOutcome> outcomes(Map<String, ModelEvaluation> models, String name) {
        return Objects.requireNonNull(models.get(name)).attacks().getFirst().examples();
    }

    @Test
    void the_bundle_of_a_baseline_has_no_neighbours_to_freeze(@TempDir Path folder) throws IOException {
        Experiment experiment = ExperimentFile.read(Files.writeString(home.resolve("nonsense.yaml"), """
            models:
              Plain: {bundle: models/cifar10-baseline, frozenNeighbours: true}
            attacks:
              - {attack: fgsm, images: 1, msd: [1e-2]}
            """));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TinyExperiment.run(
                        experiment, new TinyExperiment.FewImages(0), folder, Part.WHOLE, ALL, Progress.UNHEARD))
                .withMessageContaining("'Plain' looks up no neighbours");
    }

    private static boolean same(Evaluation one, Evaluation other) {
        Evaluation a = TinyExperiment.timeless(one);
        Evaluation b = TinyExperiment.timeless(other);
        assertThat(a).usingRecursiveComparison().isEqualTo(b);
        return true;
    }

    private static Process process(Path home, Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                TinyExperiment.class.getName(),
                home.toString(),
                folder.toString()));
        Files.createDirectories(folder);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
