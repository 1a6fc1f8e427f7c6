package dev.racnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Dataset;
import dev.racnn.model.Frozen;
import dev.racnn.model.Network;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.ResNet;
import dev.racnn.model.Scripts;
import dev.racnn.racnn.Answer;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Racnn;
import dev.racnn.retrieval.Exact;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenTrainingTest {
    private static final List<String> SMALL = List.of(
            "precision=fp32",
            "extractor.epochs=3",
            "extractor.batch=12",
            "extractor.learningRate=0.1",
            "training.epochs=3",
            "training.batch=12",
            "training.learningRate=0.1",
            "retrieval.neighbours=3");
    /** The mean of every channel. */
    private static final String MEANS = "x.mean([2, 3])";

    private static final Dataset IMAGES = new SyntheticImages(36, 1);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"training.augment=false", "training.augment=true"})
    void a_torchscript_file_serves_as_phi_and_phi_prime(String change) throws IOException {
        Path bundle = folder.resolve("bundle");
        training(bundle, TrainingListener.SILENT, change).runFrozen(false, script(MEANS));
        BundleDescription description = BundleDescription.read(bundle);
        assertThat(description.testAccuracy()).isEqualTo(1);
        assertThat(description.architecture().features()).isEqualTo(3);
        assertThat(bundle.resolve("known-test")).doesNotExist();
        Files.delete(folder.resolve("script.pt"));
        try (Bundle opened = Bundle.open(bundle);
                CandidateSnapshot candidates = opened.candidates(new Exact(), 1)) {
            assertThat(candidates.size()).isEqualTo(36);
            float[] means = means(7);
            assertThat(candidates.candidate(7).feature()).containsExactly(means, within(1e-6f));
            assertThat(candidates.candidate(7).key()).containsExactly(means, within(1e-6f));
        }
        try (Racnn racnn = Racnn.open(bundle)) {
            Answer answer = racnn.explain(IMAGES, 7);
            assertThat(answer.label()).isEqualTo("green");
            assertThat(answer.neighbours().getFirst().id()).isEqualTo(7);
        }
    }

    @Test
    void an_interrupted_training_goes_on_and_ends_with_the_same_weights() throws IOException {
        BackboneFiles script = script(MEANS);
        Path whole = folder.resolve("whole");
        training(whole, TrainingListener.SILENT).runFrozen(false, script);
        Path killed = folder.resolve("killed");
        TrainingListener killer = new TrainingListener() {
            @Override
            public void epoch(EpochRecord record) {
                throw new IllegalStateException("killed");
            }
        };
        assertThatThrownBy(() -> training(killed, killer).runFrozen(false, script))
                .hasMessage("killed");
        assertThatThrownBy(() -> training(killed, TrainingListener.SILENT)
                        .runFrozen(true, new BackboneFiles(folder.resolve("script.pt"), null, null, "penultimate")))
                .hasMessageContaining("linear layer");
        training(killed, TrainingListener.SILENT).runFrozen(true, script);
        assertThat(killed.resolve("weights.safetensors")).hasSameBinaryContentAs(whole.resolve("weights.safetensors"));
    }

    @Test
    void what_is_continued_must_have_the_same_backbone() throws IOException {
        Path bundle = folder.resolve("bundle");
        training(bundle, TrainingListener.SILENT).runFrozen(false, script(MEANS));
        BackboneFiles other = script("x.mean([2, 3]) * 2");
        assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT).runFrozen(true, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was begun with the extractor of");
    }

    @Test
    void pixels_are_brought_to_the_bounds_of_the_backbone() throws IOException {
        BackboneFiles files = script(MEANS);
        Files.writeString(folder.resolve("script.yaml"), "imageSize: 32\nbounds: [-1, 3]\n");
        Path bundle = folder.resolve("bundle");
        training(bundle, TrainingListener.SILENT, "training.epochs=1", "extractor.epochs=1")
                .runFrozen(false, files);
        try (Bundle opened = Bundle.open(bundle);
                CandidateSnapshot candidates = opened.candidates(new Exact(), 1)) {
            float[] means = means(7);
            assertThat(candidates.candidate(7).feature())
                    .containsExactly(new float[] {4 * means[0] - 1, 4 * means[1] - 1, 4 * means[2] - 1}, within(1e-5f));
        }
    }

    @Test
    void phi_prime_may_be_another_function() throws IOException {
        Path keys = Scripts.write(folder.resolve("keys.pt"), "x.amax([2, 3])");
        Files.writeString(folder.resolve("keys.yaml"), "imageSize: 32\n");
        BackboneFiles script = script(MEANS);
        Path bundle = folder.resolve("bundle");
        training(bundle, TrainingListener.SILENT).runFrozen(false, new BackboneFiles(script.phi(), null, keys, null));
        try (Bundle opened = Bundle.open(bundle);
                CandidateSnapshot candidates = opened.candidates(new Exact(), 1)) {
            assertThat(candidates.candidate(7).feature()).containsExactly(means(7), within(1e-6f));
            assertThat(candidates.candidate(7).key()[1]).isGreaterThan(0.8f);
            assertThat(opened.surrogate().classes()).isEqualTo(3);
        }
        assertThatThrownBy(() -> training(folder.resolve("conv"), TrainingListener.SILENT, "retrieval.key=conv")
                        .runFrozen(false, new BackboneFiles(script.phi(), null, keys, null)))
                .hasMessageContaining("retrieval.key must be penultimate");
    }

    @Test
    void a_trained_baseline_lends_its_phi_and_its_classifier() throws IOException {
        Path baseline = folder.resolve("baseline");
        List<String> settings = new ArrayList<>(SMALL);
        settings.addAll(List.of(
                "model=baseline",
                "architecture=resnet18",
                "stem.kernel=3",
                "training.epochs=1",
                "training.learningRate=0.001"));
        new Training(SettingsFile.read(null, settings), data(), baseline, "", TrainingListener.SILENT, 1)
                .run(false, null);
        Path bundle = folder.resolve("bundle");
        training(bundle, TrainingListener.SILENT, "training.epochs=1", "retrieval.key=conv")
                .runFrozen(false, new BackboneFiles(baseline, null, null, null));
        assertThat(TrainingLog.read(bundle)).extracting(EpochRecord::stage).containsOnly("racnn");
        assertThat(BundleDescription.read(bundle).architecture()).isInstanceOf(Frozen.class);
        try (Networks was = Bundle.trained(baseline);
                var _ = Scope.open()) {
            var saved = SafeTensors.read(bundle.resolve(Bundle.WEIGHTS)).tensors();
            assertThat(saved.keySet()).noneMatch(name -> name.startsWith("phi_prime."));
            assertThat(floats(saved.get("phi.layer4.1.conv2.weight")))
                    .isEqualTo(floats(was.get(Part.PHI).state().get("layer4.1.conv2.weight")));
            assertThat(floats(saved.get("g_prime.fc.weight")))
                    .isEqualTo(floats(was.get(Part.G).state().get("fc.weight")));
            assertThat(floats(saved.get("g.fc.weight"))).isNotEqualTo(floats(saved.get("g_prime.fc.weight")));
        }
        try (Bundle opened = Bundle.open(bundle);
                Bundle of = Bundle.open(baseline, Precision.FP32);
                CandidateSnapshot candidates = opened.candidates(new Exact(), 1);
                var _ = Scope.open()) {
            assertThat(candidates.candidate(3).key()).hasSize(512);
            float[] logits = Tensors.toFloats(of.withoutRetrieval().logits(image(3)));
            assertThat(Tensors.toFloats(opened.surrogate().logits(image(3)))).containsExactly(logits, within(1e-5f));
        }
    }

    @Test
    void of_weights_for_other_classes_only_the_extractor_is_taken() throws IOException {
        Path weights = folder.resolve("resnet.safetensors");
        ResNet is = ResNet.imageNet(ResNet.Depth.RESNET18, new ResNet.Stem(3, 2, true));
        try (Networks saved = new Networks()
                .with(Part.PHI, Network.random(is.phi(), 1))
                .with(Part.G, Network.random(is.g(1000), 2))) {
            Map<String, Tensor> named = new LinkedHashMap<>(saved.get(Part.PHI).state());
            named.putAll(saved.get(Part.G).state());
            SafeTensors.write(weights, named, Map.of());
        }
        String[] settings = {
            "imageSize=32", "stem.kernel=3", "training.epochs=1", "extractor.epochs=1", "extractor.learningRate=0.001"
        };
        List<String> phases = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void phase(String description) {
                phases.add(description);
            }
        };
        Path bundle = folder.resolve("bundle");
        training(bundle, listener, settings).runFrozen(false, new BackboneFiles(weights, null, null, null));
        assertThat(phases).anyMatch(phase -> phase.contains("no classifier of these classes"));
        assertThat(TrainingLog.read(bundle)).extracting(EpochRecord::stage).containsExactly("extractor", "racnn");
        assertThatThrownBy(() -> training(folder.resolve("other"), TrainingListener.SILENT, "stem.kernel=5")
                        .runFrozen(false, new BackboneFiles(weights, null, null, null)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("conv1.weight has shape [64, 3, 3, 3] instead of [64, 3, 5, 5]");
        assertThat(folder.resolve("other")).doesNotExist();
    }

    @Test
    void a_classifier_of_as_many_other_classes_is_none_of_these() throws IOException {
        ResNet is = ResNet.imageNet(ResNet.Depth.RESNET18, new ResNet.Stem(3, 2, true));
        Path weights = folder.resolve("other.safetensors");
        try (Networks saved =
                new Networks().with(Part.PHI, Network.random(is.phi(), 1)).with(Part.G, Network.random(is.g(3), 2))) {
            Map<String, Tensor> named = new LinkedHashMap<>(saved.get(Part.PHI).state());
            saved.get(Part.G).state().forEach((name, tensor) -> named.put(name, tensor.mul(new Scalar(0.0))));
            SafeTensors.write(weights, named, Map.of());
        }
        Path bundle = folder.resolve("bundle");
        // Of equal logits none is right more often than the first class occurs: a third of the images.
        training(bundle, TrainingListener.SILENT, "imageSize=32", "stem.kernel=3", "training.epochs=1")
                .runFrozen(false, new BackboneFiles(weights, null, null, null));
        assertThat(TrainingLog.read(bundle)).extracting(EpochRecord::stage).contains("extractor");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.mean([2, 3]).detach() | must have gradients",
                "x | flat features",
                "x[:, :, :31, :].reshape([2, 3, 1024]).mean(2) | must take images of shape",
                "torch.dropout(x, 0.5, True).mean([2, 3]) | answers at random"
            })
    void what_cannot_serve_is_said_before_anything_is_computed(String expression, String reason) throws IOException {
        BackboneFiles script = script(expression);
        Path bundle = folder.resolve("bundle");
        assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT).runFrozen(false, script))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
        assertThat(bundle).doesNotExist();
    }

    @Test
    void a_tuple_is_used_if_one_of_its_tensors_can_be_the_features() throws IOException {
        Path file = Scripts.write(
                folder.resolve("pair.pt"),
                "def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:\n    return x.mean([2, 3]), x\n",
                Map.of());
        Files.writeString(folder.resolve("pair.yml"), "imageSize: 32\n");
        Path bundle = folder.resolve("bundle");
        training(bundle, TrainingListener.SILENT, "training.epochs=1", "extractor.epochs=1")
                .runFrozen(false, new BackboneFiles(file, null, null, null));
        assertThat(BundleDescription.read(bundle).architecture().features()).isEqualTo(3);
    }

    @Test
    void what_does_not_fit_together_is_said() throws IOException {
        Path weights = Files.createFile(folder.resolve("w.pth"));
        assertRefused("no such bundle", folder.resolve("none.pt"), null);
        assertRefused("no TorchScript file", weights, "layer4");
        assertRefused("must be those of a ResNet", weights, null, "architecture=paper");
        assertRefused("set model=racnn", weights, null, "model=baseline");
    }

    private void assertRefused(String reason, Path file, @Nullable String features, String... changes) {
        assertThatThrownBy(() -> training(folder.resolve("refused"), TrainingListener.SILENT, changes)
                        .runFrozen(false, new BackboneFiles(file, features, null, null)))
                .hasMessageContaining(reason);
    }

    private BackboneFiles script(String expression) throws IOException {
        Path file = Scripts.write(folder.resolve("script.pt"), expression);
        Files.writeString(folder.resolve("script.yaml"), "imageSize: 32\n");
        return new BackboneFiles(file, null, null, null);
    }

    private static TrainingData data() {
        return new TrainingData("noise", IMAGES, new SyntheticImages(12, 2), IMAGES);
    }

    private static Training training(Path bundle, TrainingListener listener, String... changes) throws IOException {
        List<String> overrides = new ArrayList<>(SMALL);
        overrides.addAll(List.of(changes));
        return new Training(SettingsFile.readFrozen(null, overrides), data(), bundle, "", listener, 1);
    }

    private static Tensor image(int index) {
        byte[] pixels = new byte[IMAGES.imageSize().bytes()];
        IMAGES.pixels(index, pixels, 0);
        return Tensors.ofPixels(pixels, 1, 3, 32, 32);
    }

    private static float[] means(int index) {
        byte[] pixels = new byte[IMAGES.imageSize().bytes()];
        IMAGES.pixels(index, pixels, 0);
        int[] sums = new int[3];
        for (int i = 0; i < pixels.length; i++) {
            sums[i / 1024] += pixels[i] & 0xff;
        }
        return new float[] {sums[0] / 255f / 1024, sums[1] / 255f / 1024, sums[2] / 255f / 1024};
    }

    private static float[] floats(@Nullable Tensor tensor) {
        assertThat(tensor).isNotNull();
        return Tensors.toFloats(Objects.requireNonNull(tensor));
    }
}
