package dev.racnn.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Part;
import dev.racnn.evaluation.PublishedAccuracy;
import dev.racnn.evaluation.Scenario;
import dev.racnn.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentFileTest {
    private static final Path EXPERIMENTS = Path.of("../experiments");

    private static final String SMALL = """
        models:
          A: {bundle: a}
        attacks:
          - {attack: fgsm, images: 4, batch: 2, msd: [1e-4, 2e-4]}
        """;

    @TempDir
    private Path folder;

    private Experiment read(String text) throws IOException {
        return ExperimentFile.read(Files.writeString(folder.resolve("small.yaml"), text));
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(EXPERIMENTS)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_experiment_of_the_repository_can_be_read(Path file) throws IOException {
        Experiment experiment = ExperimentFile.read(file);

        assertThat(experiment.models()).isNotEmpty();
        assertThat(experiment.attacks())
                .allSatisfy(attack -> assertThat(attack.images()).isGreaterThanOrEqualTo(50));
    }

    @Test
    void table_1_has_the_models_and_numbers_of_the_paper() throws IOException {
        Experiment experiment = ExperimentFile.read(EXPERIMENTS.resolve("cifar10-table1.yaml"));

        assertThat(experiment.models())
                .filteredOn(ModelEntry::listed)
                .extracting(ModelEntry::name)
                .containsExactly("Baseline", "RaCNN-K5", "RaCNN-K5-mixup", "RaCNN-K10", "RaCNN-K10-mixup");
        TrainingSettings mixup =
                Objects.requireNonNull(experiment.models().getLast().settings());
        assertThat(mixup.retrieval().neighbours()).isEqualTo(10);
        assertThat(mixup.localMixup().steps()).isEqualTo(5);
        // The average of all 45 attacked cells of Table 1, added up by hand.
        assertThat(experiment.published())
                .filteredOn(number -> !number.attack().isEmpty())
                .hasSize(45)
                .extracting(PublishedAccuracy::accuracy)
                .satisfies(shares -> assertThat(
                                shares.stream().mapToDouble(share -> share).sum())
                        .isCloseTo(22.5294, within(1e-9)));
        assertThat(experiment.published())
                .contains(new PublishedAccuracy("RaCNN-K10", Scenario.TRANSFER, "ifgsm", 8e-5, 55.27 / 100));
    }

    @Test
    void table_2_has_the_numbers_of_the_paper() throws IOException {
        Experiment experiment = ExperimentFile.read(EXPERIMENTS.resolve("svhn-table2.yaml"));

        // All 45 attacked cells of Table 2 in percent, added up apart from the file.
        assertThat(experiment.published().stream()
                        .filter(number -> !number.attack().isEmpty())
                        .mapToDouble(PublishedAccuracy::accuracy)
                        .sum())
                .isCloseTo(28.739, within(1e-9));
    }

    @Test
    void table_3_has_the_numbers_of_the_paper_and_counts_five_answers() throws IOException {
        Experiment experiment = ExperimentFile.read(EXPERIMENTS.resolve("imagenet-200.yaml"));

        assertThat(experiment.top()).isEqualTo(5);
        assertThat(experiment.models().getLast().backbone()).isEqualTo("Baseline");
        // All 18 attacked cells of Table 3 in percent, added up apart from the file.
        assertThat(experiment.published().stream()
                        .filter(number -> !number.attack().isEmpty())
                        .mapToDouble(PublishedAccuracy::accuracy)
                        .sum())
                .isCloseTo(3.7473, within(1e-9));
    }

    @Test
    void what_is_left_out_has_a_default() throws IOException {
        Experiment experiment = read(SMALL);

        assertThat(experiment.title()).isEqualTo("small");
        assertThat(experiment.attacks().getFirst().scenarios()).containsExactly(Scenario.DIRECT);
        assertThat(experiment.models().getFirst().bundle()).isEqualTo(folder.resolve("a"));
        assertThat(experiment.published()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attacks: -> attcks: | there is no setting 'attcks'; did you mean 'attacks'?",
                "msd: -> mse: | there is no setting 'mse'; did you mean 'msd'?",
                "fgsm -> fgsn | did you mean 'fgsm'?",
                "images: 4 -> images: 5 | must be a positive multiple of batch, so that more can be added, but are 5",
                "bundle: a -> extractor: a | must have a bundle, or settings",
                "A: -> A/B: | name of a model must be letters",
                "bundle: a -> 'bundle: a, extractor: B' | extractor of model 'A' must be the name of a model above it",
                "bundle: a -> 'bundle: a, backbone: B' | backbone of model 'A' must be the name of a model above it",
                "bundle: a -> 'bundle: a, backbone: B, baseline: B' | excludes an extractor and a baseline",
                "fgsm, -> 'fgsm, scenarios: [3],' | a scenario must be 1, 2a, 2b or white-box, but is '3'",
                "fgsm, -> 'fgsm, scenarios: [white-box],' | those of attack 'fgsm' must be of 1, 2a and 2b, but are"
                        + " [white-box]",
                "bundle: a -> 'settings: {model: baseline, training: {epochs: 0}}' | epochs must be at least 1",
                "bundle: a -> 'settings: {training: {epoch: 1}}' | training.epochs",
            })
    void what_is_wrong_is_named_with_its_file_and_remedy(String change, String message) {
        String[] parts = change.split(" -> ", -1);
        String by = parts[1].replaceAll("^'|'$", "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(SMALL.replace(parts[0], by)))
                .withMessageContaining("small.yaml")
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frozenNeighbours: true",
                "neighbours: 3",
                "engine: lsh",
                "projection: uniform",
                "candidates: 1/2"
            })
    void a_baseline_looks_up_no_neighbours(String setting) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(SMALL.replace("bundle: a", "settings: {model: baseline}, " + setting)))
                .withMessageContaining("model 'A' looks up no neighbours; leave candidates, attacker");
    }

    @Test
    void attacks_on_the_retrieval_know_everything() throws IOException {
        String adaptive = SMALL.replace(
                "attack: fgsm, images: 4, batch: 2, msd: [1e-4, 2e-4]",
                "attack: adaptive, profile: modern, epsilon: 2/255, images: 4, batch: 2");

        assertThat(read(adaptive).attacks())
                .singleElement()
                .returns(List.of(Scenario.WHITE_BOX), AttackEntry::scenarios)
                .returns(2.0 / 255, AttackEntry::epsilon);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(adaptive.replace("2/255", "2/0")))
                .withMessageContaining(
                        "epsilon must be a finite number of at least 0 or a fraction such as 8/255, but is '2/0'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(adaptive.replace("images: 4", "images: 4, scenarios: [1, white-box]")))
                .withMessageContaining("those of attack 'adaptive' must be [white-box], but are [1, white-box]");
        // Who attacks the retrieval needs neighbours that change.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(adaptive.replace("bundle: a", "bundle: a, frozenNeighbours: true")))
                .withMessageContaining("frozenNeighbours rules out; make two experiments of it");
    }

    @Test
    void an_attacker_knows_another_racnn_from_inside() throws IOException {
        String hidden = SMALL.replace(
                        "attack: fgsm, images: 4, batch: 2, msd: [1e-4, 2e-4]",
                        "attack: joint, profile: modern, epsilon: 2/255, images: 4")
                .replace("bundle: a}", "bundle: a, candidates: 1/2}\n  B: {bundle: a, candidates: 2/2, attacker: A}");

        assertThat(read(hidden).models()).extracting(ModelEntry::candidates).contains(new Part(1, 2), new Part(2, 2));
        assertThat(read(hidden).model("B").attacker()).isEqualTo("A");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(hidden.replace("attacker: A", "attacker: C")))
                .withMessageContaining("attacker of model 'B' must be the name of a model above it, [A], but is 'C'");
        // A baseline has no retrieval to know, which is said before anything is trained.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(hidden.replace("bundle: a, candidates: 1/2", "settings: {model: baseline}")))
                .withMessageContaining("attacker of model 'B' must be the name of a model above it, [], but is 'A'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(hidden.replace("1/2", "3/2")))
                .withMessageContaining("model A: a part must be I/N with I from 1 to N, such as 2/4, but is 3/2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(hidden.replace(
                        "attack: joint, profile: modern, epsilon: 2/255, images: 4",
                        "attack: fgsm, images: 4, msd: [1e-4]")))
                .withMessageContaining("no attack is in the scenario white-box");
    }

    @Test
    void at_least_one_answer_counts() throws IOException {
        assertThat(read(SMALL).top()).isEqualTo(1);
        assertThat(read("top: 5\n" + SMALL).top()).isEqualTo(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("top: 0\n" + SMALL))
                .withMessageContaining("top must be at least 1, but is 0");
    }

    @Test
    void numbers_of_the_paper_must_fit_models_and_distances() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(SMALL + "paper: {B: {clean: 80}}\n"))
                .withMessageContaining("some are of 'B'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(SMALL + "paper: {A: {fgsm: [14]}}\n"))
                .withMessageContaining("a number for each of its 2 distances, but has 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(SMALL + "paper: {A: {pgd: [14, 15]}}\n"))
                .withMessageContaining("'pgd' must be clean, scenario, or one of the attacks");
    }
}
