package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Batch;
import dev.racnn.data.Cifar10;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.data.InMemoryDataset;
import dev.racnn.data.Preprocessing;
import dev.racnn.evaluation.TinyBundle;
import dev.racnn.retrieval.Exact;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void train() throws IOException {
        TinyBundle.make(folder);
    }

    @Test
    void an_explanation_agrees_with_the_logits_and_its_weights_sum_to_one() throws IOException {
        Dataset test = TinyBundle.images(8, 2);
        try (Bundle bundle = Bundle.open(folder);
                CandidateSnapshot candidates = open(bundle);
                var _ = Scope.open()) {
            var classifier = bundle.classifier(candidates, 5);
            var images = Batch.range(test, 0, 8).images();
            Explanation why = classifier.explain(images);
            float[] logits = Tensors.toFloats(classifier.logits(images));
            for (int i = 0; i < 8; i++) {
                float sum = 0;
                for (int k = 0; k < 5; k++) {
                    sum += why.weight(i, k);
                }
                assertThat(sum).isCloseTo(1, within(1e-5f));
                double first = Math.exp(logits[2 * i]);
                double second = Math.exp(logits[2 * i + 1]);
                assertThat(why.probability(i, 0)).isCloseTo((float) (first / (first + second)), within(1e-5f));
                assertThat(why.label(i)).isEqualTo(first >= second ? 0 : 1);
            }
        }
    }

    @Test
    void an_answer_does_not_depend_on_its_batch() throws IOException {
        Dataset test = TinyBundle.images(8, 2);
        try (Bundle bundle = Bundle.open(folder);
                CandidateSnapshot candidates = open(bundle);
                var _ = Scope.open()) {
            var classifier = bundle.classifier(candidates, 3);
            float[] together =
                    Tensors.toFloats(classifier.logits(Batch.range(test, 0, 8).images()));
            for (int i = 0; i < 8; i++) {
                float[] alone =
                        Tensors.toFloats(classifier.logits(Batch.of(test, i).images()));
                assertThat(alone[0]).isCloseTo(together[2 * i], within(1e-4f));
                assertThat(alone[1]).isCloseTo(together[2 * i + 1], within(1e-4f));
            }
        }
    }

    @Test
    void a_candidate_finds_itself_and_k_beyond_the_candidates_is_refused() throws IOException {
        Dataset data = TinyBundle.images(24, 1);
        try (Bundle bundle = Bundle.open(folder);
                CandidateSnapshot candidates = open(bundle);
                var _ = Scope.open()) {
            var classifier = bundle.classifier(candidates, 1);
            var found = classifier.retrieve(Batch.range(data, 0, 24).images());
            for (int i = 0; i < 24; i++) {
                assertThat(found.id(i, 0)).isEqualTo(i);
            }
            assertThatThrownBy(() -> classifier.withNeighbours(25))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("24 candidates")
                    .hasMessageContaining("25");
        }
    }

    @Test
    void a_flipped_byte_in_the_weights_is_noticed(@TempDir Path copy) throws IOException {
        copy(copy);
        Path weights = copy.resolve(Bundle.WEIGHTS);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> Bundle.open(copy))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining(weights.toString());
    }

    @Test
    void a_bundle_states_what_its_images_are_made_by_and_the_first_ones_average(@TempDir Path copy) throws IOException {
        ImageSize size = new ImageSize(32, 32);
        assertThat(BundleDescription.read(folder).preprocessing()).isEqualTo(Preprocessing.bilinear(size));
        assertThat(BundleDescription.read(Path.of("../models/cifar10-baseline")).preprocessing())
                .isEqualTo(Preprocessing.area(size));

        copy(copy);
        edit(copy, "\"resize\" : 32", "\"resize\" : 36");
        BundleDescription wider = BundleDescription.read(copy);
        assertThat(wider.preprocessing()).isEqualTo(new Preprocessing(size, 36, Preprocessing.Resampling.BILINEAR));
        wider.write(copy);
        assertThat(BundleDescription.read(copy)).isEqualTo(wider);
    }

    @Test
    void another_format_and_no_bundle_at_all_are_named(@TempDir Path copy) throws IOException {
        assertThatThrownBy(() -> Bundle.open(copy)).hasMessageContaining("is not a bundle");
        copy(copy);
        Path file = copy.resolve(BundleDescription.FILE);
        Files.writeString(file, Files.readString(file).replace("\"format\" : 1", "\"format\" : 9"));
        assertThatThrownBy(() -> Bundle.open(copy))
                .hasMessageContaining("format 9")
                .hasMessageContaining("format 1");
    }

    @Test
    void a_bundle_without_candidates_says_how_to_make_them(@TempDir Path copy) throws IOException {
        copy(copy);
        try (Bundle bundle = Bundle.open(copy)) {
            assertThatThrownBy(() -> open(bundle)).hasMessageContaining("racnn index build");
        }
    }

    @Test
    void images_of_other_classes_become_no_candidates(@TempDir Path copy) throws IOException {
        copy(copy);
        Dataset others = new InMemoryDataset(Cifar10.IMAGE_SIZE, List.of("apple", "zebra"), new int[1], new byte[3072]);
        try (Bundle bundle = Bundle.open(copy)) {
            assertThatThrownBy(() -> bundle.buildIndex(others, _ -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[dark, light]")
                    .hasMessageContaining("[apple, zebra]");
            assertThat(copy.resolve(Bundle.CANDIDATES)).doesNotExist();
        }
    }

    @Test
    void an_interrupted_build_leaves_no_candidates_and_is_made_up_for(@TempDir Path copy) throws IOException {
        copy(copy);
        try (Bundle bundle = Bundle.open(copy)) {
            assertThatThrownBy(() -> bundle.buildIndex(TinyBundle.images(24, 1), _ -> {
                        throw new IllegalStateException("interrupted");
                    }))
                    .hasMessage("interrupted");
            assertThat(copy.resolve(Bundle.CANDIDATES)).isDirectory();
            assertThat(bundle.hasCandidates()).isFalse();
            assertThatThrownBy(() -> open(bundle)).hasMessageContaining("no finished candidate set");

            bundle.buildIndex(TinyBundle.images(24, 1), _ -> {});
            assertThat(bundle.hasCandidates()).isTrue();
            try (CandidateSnapshot candidates = open(bundle)) {
                assertThat(candidates.size()).isEqualTo(24);
            }
        }
    }

    @Test
    void candidates_with_keys_of_another_kind_are_noticed(@TempDir Path copy) throws IOException {
        copy(copy);
        try (Bundle bundle = Bundle.open(copy)) {
            bundle.buildIndex(TinyBundle.images(24, 1), _ -> {});
        }
        edit(copy, "\"CONV\"", "\"PIXELS\"");
        try (Bundle bundle = Bundle.open(copy)) {
            assertThatThrownBy(() -> open(bundle))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(copy.resolve(Bundle.CANDIDATES).toString())
                    .hasMessageContaining(bundle.description().weightsSha256() + " PIXELS")
                    .hasMessageContaining("racnn index build");
        }
    }

    @Test
    void weights_of_other_networks_are_named(@TempDir Path copy) throws IOException {
        copy(copy);
        edit(copy, "[ \"dark\", \"light\" ]", "[ \"dark\", \"grey\", \"light\" ]");
        assertThatThrownBy(() -> Bundle.open(copy))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(copy.resolve(Bundle.WEIGHTS) + " does not fit bundle.json")
                .hasMessageContaining("shape [2, ");
    }

    @Test
    void a_damaged_feature_is_no_answer(@TempDir Path copy) throws IOException {
        copy(copy);
        try (Bundle bundle = Bundle.open(copy)) {
            bundle.buildIndex(TinyBundle.images(24, 1), _ -> {});
            Path features = copy.resolve("candidates/generation-1/features.bin");
            byte[] damaged = Files.readAllBytes(features);
            Arrays.fill(damaged, (byte) 0xff);
            Files.write(features, damaged);
            try (CandidateSnapshot candidates = open(bundle);
                    var _ = Scope.open()) {
                var classifier = bundle.classifier(candidates, 2);
                var image = Batch.of(TinyBundle.images(8, 2), 3).images();
                long nearest = classifier.retrieve(image).id(0, 0);
                assertThatThrownBy(() -> classifier.explain(image))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining(features + " is damaged")
                        .hasMessageContaining("candidate %d is NaN", nearest);
            }
        }
    }

    private static void edit(Path bundle, String from, String to) throws IOException {
        Path file = bundle.resolve(BundleDescription.FILE);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void a_halved_bundle_computes_with_rounded_weights(@TempDir Path other) throws IOException {
        Path copy = other.resolve("copy");
        HalfBundle.write(folder, copy);

        assertThat(Files.size(copy.resolve(Bundle.WEIGHTS)))
                .isLessThan(Files.size(folder.resolve(Bundle.WEIGHTS)) * 51 / 100);
        assertThat(copy.resolve("settings.yaml")).hasSameTextualContentAs(folder.resolve("settings.yaml"));
        try (Bundle whole = Bundle.open(folder);
                Bundle half = Bundle.open(copy);
                var _ = Scope.open()) {
            assertThat(half.hasCandidates()).isFalse();
            var images = Batch.range(TinyBundle.images(8, 2), 0, 8).images();
            float[] logits = Tensors.toFloats(whole.surrogate().logits(images));
            float[] rounded = Tensors.toFloats(half.surrogate().logits(images));
            for (int i = 0; i < logits.length; i++) {
                assertThat(rounded[i]).isCloseTo(logits[i], within(0.05f)).isNotEqualTo(logits[i]);
            }
        }
        assertThatThrownBy(() -> HalfBundle.write(folder, copy)).hasMessageContaining("must be empty");
    }

    private static CandidateSnapshot open(Bundle bundle) throws IOException {
        return bundle.candidates(new Exact(), 1);
    }

    private static void copy(Path to) throws IOException {
        for (String name : new String[] {Bundle.WEIGHTS, BundleDescription.FILE}) {
            Files.copy(folder.resolve(name), to.resolve(name));
        }
    }
}
