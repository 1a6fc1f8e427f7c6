package dev.racnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.Progress;
import dev.racnn.Version;
import dev.racnn.data.Cifar10;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.data.InMemoryDataset;
import dev.racnn.data.Subset;
import dev.racnn.files.Sha256;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.PaperNetworks;
import dev.racnn.model.PaperNetworks.FinalMap;
import dev.racnn.model.ResNet;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Provenance;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
    private static final List<String> SMALL = List.of(
            "precision=fp32",
            "extractor.epochs=2",
            "extractor.batch=12",
            "training.epochs=2",
            "training.batch=12",
            "retrieval.neighbours=3");

    @TempDir
    private Path folder;

    @Test
    void a_racnn_learns_what_can_be_learnt() throws IOException {
        train(folder.resolve("bundle"), TrainingListener.SILENT, "training.epochs=4", "extractor.epochs=4");
        BundleDescription description = BundleDescription.read(folder.resolve("bundle"));
        assertThat(description.kind()).isEqualTo(BundleDescription.Kind.RACNN);
        assertThat(description.testAccuracy()).isGreaterThan(0.9);
        assertThat(folder.resolve("bundle").resolve("checkpoint-racnn.safetensors"))
                .doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localMixup.update=alternate",
                "localMixup.steps=0",
                "localMixup.stopGradient=true",
                "retrieval.attention=cosine",
                "retrieval.attention=uniform",
                "retrieval.key=pixels",
                "retrieval.key=penultimate",
                "retrieval.excludeSelf=false",
                "retrieval.start=scratch",
                "finalMap=whole",
                "architecture=resnet18"
            })
    void every_ablation_trains(String change) throws IOException {
        Path bundle = folder.resolve("bundle");
        train(bundle, TrainingListener.SILENT, change, "training.epochs=1", "extractor.epochs=1");
        try (Bundle opened = Bundle.open(bundle)) {
            assertThat(opened.description().testImages()).isEqualTo(12);
        }
    }

    @Test
    void a_bundle_names_its_architecture_and_networks_refuse_images_that_they_are_not_for() throws IOException {
        Path bundle = folder.resolve("bundle");
        train(
                bundle,
                TrainingListener.SILENT,
                "model=baseline",
                "architecture=resnet18",
                "stem.kernel=3",
                "stem.pool=false",
                "training.epochs=1");
        assertThat(BundleDescription.read(bundle).architecture())
                .isEqualTo(ResNet.imageNet(ResNet.Depth.RESNET18, new ResNet.Stem(3, 2, false)));
        Dataset large = new InMemoryDataset(
                new ImageSize(40, 40), List.of("a", "b"), new int[] {0, 1}, new byte[2 * 3 * 40 * 40]);
        Path other = folder.resolve("other");
        assertThatThrownBy(() -> new Training(
                                SettingsFile.read(null, SMALL),
                                new TrainingData("large", large, large, large),
                                other,
                                "",
                                TrainingListener.SILENT,
                                1)
                        .run(false, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32x32")
                .hasMessageContaining("40x40");
        assertThat(other).doesNotExist();
    }

    @Test
    void a_training_killed_at_any_epoch_resumes_to_the_same_weights() throws IOException {
        Path whole = folder.resolve("whole");
        train(whole, TrainingListener.SILENT);
        for (int killedAfter = 1; killedAfter <= 4; killedAfter++) {
            Path interrupted = folder.resolve("interrupted-" + killedAfter);
            int epochs = killedAfter;
            List<String> seen = new ArrayList<>();
            TrainingListener killer = new TrainingListener() {
                @Override
                public void epoch(EpochRecord record) {
                    seen.add(record.stage());
                    if (seen.size() == epochs) {
                        throw new Killed();
                    }
                }
            };
            assertThatThrownBy(() -> train(interrupted, killer)).isInstanceOf(Killed.class);
            training(interrupted, TrainingListener.SILENT).run(true, null);
            assertThat(Sha256.of(interrupted.resolve(Bundle.WEIGHTS)))
                    .as("killed after %d epochs", killedAfter)
                    .isEqualTo(Sha256.of(whole.resolve(Bundle.WEIGHTS)));
            assertThat(Files.readAllLines(interrupted.resolve(TrainingLog.FILE)))
                    .hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
    void auto_goes_on_in_the_precision_that_a_training_was_begun_in(Precision begun) throws IOException {
        Path bundle = folder.resolve("bundle");
        String[] changes = {"model=baseline", "training.epochs=1", "precision=" + begun};
        train(bundle, TrainingListener.SILENT, changes);
        changes[2] = "precision=auto";
        List<String> said = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void phase(String description) {
                said.add(description);
            }
        };
        training(bundle, listener, changes).run(true, null);
        assertThat(said.getFirst()).isEqualTo("computing in " + begun.name().toLowerCase(Locale.ROOT) + ", as before");
        assertThat(BundleDescription.read(bundle).precision()).isEqualTo(begun);
    }

    @Test
    void kill_nine_loses_at_most_the_epoch_under_way() throws Exception {
        Path whole = folder.resolve("whole");
        train(whole, TrainingListener.SILENT);
        Path killed = folder.resolve("killed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainingTest.class.getName(),
                        killed.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile())
                .start();
        Path checkpoint = killed.resolve("checkpoint-racnn.safetensors");
        while (process.isAlive() && !Files.exists(checkpoint)) {
            Thread.sleep(5);
        }
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.resolve("child.log").resolveSibling(TrainingLog.FILE)).exists();
        training(killed, TrainingListener.SILENT).run(true, null);
        assertThat(Sha256.of(killed.resolve(Bundle.WEIGHTS))).isEqualTo(Sha256.of(whole.resolve(Bundle.WEIGHTS)));
    }

    @Test
    void candidates_that_hold_the_training_images_are_told_by_what_they_hold() throws IOException {
        Dataset data = new SyntheticImages(36, 1);
        Dataset copy = new Subset(data, IntStream.range(0, 36).toArray());
        List<String> weights = new ArrayList<>();
        for (Dataset candidates : List.of(data, copy)) {
            Path bundle = folder.resolve("bundle-" + weights.size());
            List<String> settings = new ArrayList<>(SMALL);
            settings.addAll(List.of("extractor.epochs=1", "training.epochs=1"));
            training(
                            bundle,
                            TrainingListener.SILENT,
                            new TrainingData("d", data, new SyntheticImages(12, 2), candidates),
                            settings)
                    .run(false, null);
            weights.add(Sha256.of(bundle.resolve(Bundle.WEIGHTS)));
        }
        assertThat(weights.getFirst()).isEqualTo(weights.getLast());
    }

    @Test
    void optimiser_steps_are_counted_under_every_schedule() throws IOException {
        Path bundle = folder.resolve("bundle");
        train(
                bundle,
                TrainingListener.SILENT,
                "extractor.epochs=1",
                "training.epochs=1",
                "localMixup.update=alternate",
                "localMixup.steps=2",
                "retrieval.classificationSteps=3");
        List<EpochRecord> log = TrainingLog.read(bundle);
        assertThat(log.getFirst().steps()).isEqualTo(3);
        assertThat(log.getLast().steps()).isEqualTo(3 * (3 + 2));
    }

    @Test
    void images_of_one_class_are_refused() {
        Dataset one = new InMemoryDataset(Cifar10.IMAGE_SIZE, List.of("only"), new int[4], new byte[4 * 3072]);
        assertThatThrownBy(() -> new TrainingData("d", one, one, one)).hasMessageContaining("at least two classes");
    }

    @Test
    void a_folder_that_is_not_empty_or_of_other_settings_is_left_alone() throws IOException {
        Path bundle = folder.resolve("bundle");
        train(bundle, TrainingListener.SILENT, "model=baseline", "training.epochs=1");
        String weights = Sha256.of(bundle.resolve(Bundle.WEIGHTS));
        assertThatThrownBy(() -> train(bundle, TrainingListener.SILENT)).hasMessageContaining("--resume");
        assertThatThrownBy(() ->
                        training(bundle, TrainingListener.SILENT, "seed=5").run(true, null))
                .hasMessageContaining("other settings");
        assertThat(Sha256.of(bundle.resolve(Bundle.WEIGHTS))).isEqualTo(weights);
    }

    @Test
    void a_loss_that_is_no_number_stops_with_step_rate_and_remedy() {
        assertThatThrownBy(() -> train(
                        folder.resolve("bundle"),
                        TrainingListener.SILENT,
                        "model=baseline",
                        "training.learningRate=1e30",
                        "training.warmup=0"))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("at step ")
                .hasMessageContaining("learning rate")
                .hasMessageContaining("lower training.learningRate");
        assertThatThrownBy(() -> train(
                        folder.resolve("racnn"),
                        TrainingListener.SILENT,
                        "extractor.learningRate=1e30",
                        "extractor.warmup=0"))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("lower extractor.learningRate or lengthen extractor.warmup");
    }

    @Test
    void a_training_that_cannot_run_writes_nothing() throws IOException {
        Path bundle = folder.resolve("bundle");
        assertThatThrownBy(() -> train(bundle, TrainingListener.SILENT, "retrieval.neighbours=36"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("36")
                .hasMessageContaining("the query itself");
        Path baseline = folder.resolve("baseline");
        train(baseline, TrainingListener.SILENT, "model=baseline", "training.epochs=1");
        assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT).run(false, baseline))
                .hasMessageContaining(baseline + " holds a baseline, which has no phi'");
        TrainingData broken =
                new TrainingData("broken", new SyntheticImages(36, 1), new Unreadable(), new SyntheticImages(36, 1));
        assertThatThrownBy(() ->
                        training(bundle, TrainingListener.SILENT, broken, SMALL).run(false, null))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("image 5 is damaged");
        assertThat(bundle).doesNotExist();
    }

    @Test
    void other_images_are_not_trained_on_under_the_name_of_the_first() throws IOException {
        Path bundle = folder.resolve("bundle");
        killAfterOneEpoch(bundle, null);
        Dataset first = new SyntheticImages(36, 1);
        Dataset test = new SyntheticImages(12, 2);
        Dataset other = new SyntheticImages(36, 3);
        List<TrainingData> changes = List.of(
                new TrainingData("else", other, test, first),
                new TrainingData("else", first, other, first),
                new TrainingData("else", first, test, other));
        List<String> named = List.of("training", "test", "candidate");
        for (int i = 0; i < 3; i++) {
            Training training = training(bundle, TrainingListener.SILENT, changes.get(i), SMALL);
            assertThatThrownBy(() -> training.run(true, null))
                    .hasMessageContaining("begun with other " + named.get(i) + " images: noise (")
                    .hasMessageContaining("not else (36 images of 3 classes, SHA-256 ")
                    .hasMessageContaining("resume with the same data");
        }
        training(bundle, TrainingListener.SILENT).run(true, null);
        assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT, changes.getFirst(), SMALL)
                        .run(true, null))
                .as("when it is complete")
                .hasMessageContaining("other training images");
    }

    @Test
    void a_run_with_the_extractor_of_another_bundle_continues_with_that_one_only() throws IOException {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        train(first, TrainingListener.SILENT, "extractor.epochs=1", "training.epochs=1");
        train(second, TrainingListener.SILENT, "extractor.epochs=1", "training.epochs=1", "seed=2");
        Path bundle = folder.resolve("bundle");
        killAfterOneEpoch(bundle, first);
        Training again = training(bundle, TrainingListener.SILENT);
        assertThatThrownBy(() -> again.run(true, null))
                .hasMessageContaining("with the extractor of " + first)
                .hasMessageContaining("not with none")
                .hasMessageContaining("resume with --extractor " + first);
        assertThatThrownBy(() -> again.run(true, second)).hasMessageContaining("not with that of " + second);
        again.run(true, first);
        assertThat(TrainingLog.read(bundle)).extracting(EpochRecord::stage).containsOnly("racnn");

        Path own = folder.resolve("own");
        killAfterOneEpoch(own, null);
        assertThatThrownBy(() -> training(own, TrainingListener.SILENT).run(true, first))
                .hasMessageContaining("begun without the extractor of " + first);
    }

    @Test
    void phi_and_g_can_begin_as_those_of_a_baseline() throws IOException {
        Path baseline = folder.resolve("baseline");
        train(baseline, TrainingListener.SILENT, "model=baseline", "training.epochs=1");
        Path bundle = folder.resolve("bundle");
        List<String> still = new ArrayList<>(SMALL);
        still.addAll(List.of(
                "retrieval.start=baseline",
                "extractor.epochs=1",
                "training.epochs=1",
                "training.learningRate=1e-12",
                "training.weightDecay=0"));
        Dataset data = new SyntheticImages(36, 1);
        TrainingData images = new TrainingData("noise", data, new SyntheticImages(12, 2), data);
        Training training = training(bundle, TrainingListener.SILENT, images, still);
        assertThatThrownBy(() -> training.run(false, null)).hasMessageContaining("no baseline is given");
        assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT).run(false, null, baseline))
                .hasMessageContaining("has no use in this training");
        training.run(false, null, baseline);
        try (var _ = Scope.open();
                Networks begun = Bundle.trained(baseline);
                Networks ended = Bundle.trained(bundle)) {
            for (Part part : List.of(Part.PHI, Part.G)) {
                begun.get(part).state().forEach((name, tensor) -> {
                    // The statistics of the batches are not learnt at the rate.
                    if (!name.contains("running") && !name.contains("num_batches")) {
                        assertThat(Tensors.toFloats(Objects.requireNonNull(
                                        ended.get(part).state().get(name))))
                                .as(name)
                                .containsExactly(Tensors.toFloats(tensor), within(1e-6f));
                    }
                });
            }
        }
        assertThat(Objects.requireNonNull(BundleDescription.read(bundle).provenance())
                        .baseline())
                .isEqualTo(new Provenance.Source(
                        baseline.toString(), BundleDescription.read(baseline).weightsSha256()));
        Path other = folder.resolve("other");
        assertThatThrownBy(() ->
                        training(other, TrainingListener.SILENT, images, still).run(false, null, bundle))
                .hasMessageContaining("holds a RaCNN");
    }

    @Test
    void an_extractor_must_fit_and_be_whole() throws IOException {
        Path other = folder.resolve("other");
        train(other, TrainingListener.SILENT, "extractor.epochs=1", "training.epochs=1");
        Path bundle = folder.resolve("bundle");
        assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT, "finalMap=whole")
                        .run(false, other))
                .hasMessageContaining(other + " has finalMap CROPPED, but this training has WHOLE");
        assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT, "model=baseline")
                        .run(false, other))
                .hasMessageContaining("a baseline has no phi'");
        Files.write(other.resolve(Bundle.WEIGHTS), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT).run(false, other))
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("copy the bundle again");
    }

    @Test
    void what_a_killed_start_leaves_is_in_nobodys_way() throws IOException {
        Path bundle = folder.resolve("bundle");
        assertThatThrownBy(() -> train(
                        bundle,
                        TrainingListener.SILENT,
                        "model=baseline",
                        "training.learningRate=1e30",
                        "training.warmup=0"))
                .isInstanceOf(DivergedException.class);
        Files.writeString(bundle.resolve("checkpoint-baseline.safetensors.4711-12.part"), "half of it");
        Files.writeString(bundle.resolve("training-log.jsonl.part"), "half of it");
        Files.writeString(bundle.resolve("lock"), "");
        train(bundle, TrainingListener.SILENT, "model=baseline", "training.epochs=1");
        try (var files = Files.list(bundle)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "bundle.json", "settings.yaml", "training-log.jsonl", "weights.safetensors");
        }

        Path strange = Files.createDirectory(folder.resolve("strange"));
        Files.writeString(strange.resolve("film.part"), "somebody's");
        assertThatThrownBy(() -> train(strange, TrainingListener.SILENT)).hasMessageContaining("is not empty");
        assertThatThrownBy(() -> training(strange, TrainingListener.SILENT).run(true, null))
                .hasMessageContaining("holds no training");
        assertThat(strange.resolve("film.part")).exists();
    }

    @Test
    void a_second_training_into_the_same_folder_is_refused() throws IOException {
        Path bundle = folder.resolve("bundle");
        TrainingListener rival = new TrainingListener() {
            @Override
            public void epoch(EpochRecord record) {
                assertThatThrownBy(() -> training(bundle, TrainingListener.SILENT, "model=baseline")
                                .run(true, null))
                        .hasMessageContaining("another training is writing to " + bundle);
            }
        };
        train(bundle, rival, "model=baseline", "training.epochs=1");
        assertThat(TrainingLog.read(bundle)).hasSize(1);
    }

    @Test
    void a_bundle_states_who_wrote_it_and_what_from() throws IOException {
        Path bundle = folder.resolve("bundle");
        train(bundle, TrainingListener.SILENT, "model=baseline", "training.epochs=1", "seed=7");
        BundleDescription description = BundleDescription.read(bundle);
        assertThat(description.writtenBy()).isEqualTo(Version.current());
        Provenance provenance = Objects.requireNonNull(description.provenance());
        assertThat(provenance.data()).isEqualTo("noise");
        assertThat(provenance.seed()).isEqualTo(7);
        assertThat(provenance.commandLine()).isEqualTo("./racnn train");
        assertThat(provenance.training().images()).isEqualTo(36);
        assertThat(provenance.candidates()).isEqualTo(provenance.training());
        assertThat(provenance.test()).isNotEqualTo(provenance.training());
        assertThat(provenance.extractor()).isNull();
    }

    @Test
    void a_bundle_that_states_no_origin_opens() throws IOException {
        BundleDescription description = BundleDescription.read(Path.of("../models/cifar10-baseline"));
        assertThat(description.architecture()).isEqualTo(new PaperNetworks(FinalMap.CROPPED));
        assertThat(description.testAccuracy()).isEqualTo(0.8571);
        assertThat(description.provenance()).isNull();
    }

    @Test
    void the_time_left_counts_the_stages_to_come() throws IOException {
        List<Double> left = new ArrayList<>();
        List<Long> alone = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void progress(Progress progress, double secondsLeft) {
                if (progress.stage().contains("epoch")) {
                    left.add(secondsLeft);
                    alone.add(progress.total() - progress.done());
                }
            }
        };
        train(folder.resolve("bundle"), listener, "extractor.epochs=1", "training.epochs=1");
        // The last batch of the extractor leaves nothing of its own stage, that of the RaCNN nothing at all. A slow
        // machine hears of others before it.
        assertThat(left.get(alone.indexOf(0L))).isPositive();
        assertThat(left.getLast()).isZero();
    }

    private static void killAfterOneEpoch(Path bundle, @Nullable Path extractor) {
        TrainingListener killer = new TrainingListener() {
            @Override
            public void epoch(EpochRecord record) {
                throw new Killed();
            }
        };
        assertThatThrownBy(() -> training(bundle, killer).run(false, extractor)).isInstanceOf(Killed.class);
    }

    /** The child of {@link #kill_nine_loses_at_most_the_epoch_under_way}. */
    public static void main(String[] args) throws IOException {
        train(Path.of(args[0]), TrainingListener.SILENT);
    }

    private static void train(Path bundle, TrainingListener listener, String... changes) throws IOException {
        training(bundle, listener, changes).run(false, null);
    }

    private static Training training(Path bundle, TrainingListener listener, String... changes) throws IOException {
        List<String> overrides = new ArrayList<>(SMALL);
        overrides.addAll(List.of(changes));
        Dataset data = new SyntheticImages(36, 1);
        return training(bundle, listener, new TrainingData("noise", data, new SyntheticImages(12, 2), data), overrides);
    }

    private static Training training(
            Path bundle, TrainingListener listener, TrainingData images, List<String> overrides) throws IOException {
        return new Training(SettingsFile.read(null, overrides), images, bundle, "./racnn train", listener, 1);
    }

    /** Images of which one is damaged. */
    private record Unreadable() implements Dataset {
        private static final Dataset WHOLE = new SyntheticImages(12, 2);

        @Override
        public int size() {
            return WHOLE.size();
        }

        @Override
        public ImageSize imageSize() {
            return WHOLE.imageSize();
        }

        @Override
        public List<String> classNames() {
            return WHOLE.classNames();
        }

        @Override
        public int label(int index) {
            return WHOLE.label(index);
        }

        @Override
        public void pixels(int index, byte[] target, int offset) {
            if (index == 5) {
                throw new UncheckedIOException("image 5 is damaged", new IOException());
            }
            WHOLE.pixels(index, target, offset);
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
