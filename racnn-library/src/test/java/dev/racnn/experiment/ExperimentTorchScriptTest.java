package dev.racnn.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.racnn.Part;
import dev.racnn.Progress;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ExampleOutcome;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.model.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that PyTorch saved, beside bundles. */
class ExperimentTorchScriptTest {
    private static final String TEXT =
            """
            models:
              Ours: {bundle: %s}
              Peer: {bundle: peer.pt}
            attacks:
              - {attack: fgsm, set: {epsilons: 20}, images: 4, batch: 2, msd: [1e-2]}
            """.formatted(Path.of("../models/cifar10-baseline").toAbsolutePath());

    @TempDir
    private Path folder;

    @BeforeEach
    void saveModel() {
        // The logits of an image are its first ten numbers.
        Scripts.write(folder.resolve("peer.pt"), "x.flatten(1)[:, 0:10]");
    }

    private Experiment experiment(String text) throws IOException {
        return ExperimentFile.read(Files.writeString(folder.resolve("peers.yaml"), text));
    }

    private Evaluation run(Part part, String out) throws IOException {
        return TinyExperiment.run(
                experiment(TEXT),
                new TinyExperiment.FewImages(0),
                folder.resolve(out),
                part,
                Integer.MAX_VALUE,
                Progress.UNHEARD);
    }

    @Test
    void a_torchscript_file_is_attacked_beside_bundles_under_the_name_of_its_entry() throws IOException {
        Evaluation whole = run(Part.WHOLE, "out");

        assertThat(whole.models()).extracting(ModelEvaluation::name).containsExactly("Ours", "Peer");
        ModelEvaluation peer = whole.models().getLast();
        assertThat(peer.formula()).isEqualTo("TorchScript");
        assertThat(peer.clean().count())
                .isEqualTo(rightByHand(new TinyExperiment.FewImages(0).test()))
                .isBetween(1, 11);
        AttackEvaluation attack = peer.attacks().getFirst();
        assertThat(attack.gradientPath()).isEqualTo("TorchScript");
        assertThat(attack.examples())
                .extracting(ExampleOutcome::index)
                .isEqualTo(whole.models().getFirst().attacks().getFirst().examples().stream()
                        .map(ExampleOutcome::index)
                        .toList());

        run(new Part(1, 2), "one");
        run(new Part(2, 2), "two");
        Evaluation joined = ExperimentMerge.merge(
                List.of(folder.resolve("one"), folder.resolve("two")), folder.resolve("joined"), "");
        assertThat(TinyExperiment.timeless(joined))
                .usingRecursiveComparison()
                .ignoringFields("command")
                .isEqualTo(TinyExperiment.timeless(whole));
    }

    private static int rightByHand(Dataset test) {
        int right = 0;
        for (int i = 0; i < test.size(); i++) {
            byte[] pixels = new byte[test.imageSize().bytes()];
            test.pixels(i, pixels, 0);
            int largest = 0;
            for (int j = 1; j < 10; j++) {
                if ((pixels[j] & 0xFF) > (pixels[largest] & 0xFF)) {
                    largest = j;
                }
            }
            right += largest == test.label(i) ? 1 : 0;
        }
        return right;
    }

    @Test
    void what_a_torchscript_file_cannot_do_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        experiment(TEXT.replace("bundle: peer.pt", "bundle: peer.pt, settings: {model: baseline}")))
                .withMessageContaining("model 'Peer' is a TorchScript file, which is never trained");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> experiment(TEXT.replace("bundle: peer.pt", "bundle: peer.pt, neighbours: 3")))
                .withMessageContaining("model 'Peer' looks up no neighbours");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> experiment(TEXT.replace(
                        "attacks:", "  Around: {backbone: Peer, settings: {training: {epochs: 1}}}\nattacks:")))
                .withMessageContaining("backbone of model 'Around' must be the name of a model above it, [Ours]");
        Scripts.write(folder.resolve("peer.pt"), "torch.dropout(x, 0.5, True).flatten(1)[:, 0:10]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Part.WHOLE, "random"))
                .withMessageContaining("model Peer")
                .withMessageContaining("answers at random");
    }
}
