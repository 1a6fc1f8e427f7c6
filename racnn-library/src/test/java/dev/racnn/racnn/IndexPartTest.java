package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.racnn.Part;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.evaluation.TinyBundle;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexPartTest {
    @TempDir
    private Path folder;

    @Test
    void joined_parts_are_equal_to_the_bit_to_what_one_process_makes() throws IOException {
        Path model = folder.resolve("model");
        TinyBundle.make(model);
        // Three batches, the last of them short.
        Dataset images = TinyBundle.images(2 * Indexing.BATCH + 20, 3);
        try (Bundle bundle = Bundle.open(model, Precision.FP32)) {
            bundle.buildIndex(images, _ -> {});
            String whole = fingerprint(bundle);
            List<Path> parts = new ArrayList<>();
            for (int i = 2; i >= 1; i--) {
                parts.add(folder.resolve("part " + i));
                IndexPart.build(bundle, images, new Part(i, 2), parts.getLast(), _ -> {});
            }
            assertThat(IndexPart.merge(bundle, parts).size()).isEqualTo(images.size());
            assertThat(fingerprint(bundle)).isEqualTo(whole);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> IndexPart.merge(bundle, parts.subList(0, 1)))
                    .withMessageContaining("part 1 is missing");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> IndexPart.merge(bundle, List.of(parts.getLast(), parts.getLast())))
                    .withMessageContaining("given twice");
            Path other = folder.resolve("other");
            // As many of the same classes, but others.
            IndexPart.build(bundle, TinyBundle.images(images.size(), 4), new Part(1, 2), other, _ -> {});
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> IndexPart.merge(bundle, List.of(parts.getFirst(), other)))
                    .withMessageContaining("join parts of one build");
        }
    }

    @Test
    void a_share_reads_its_own_images_and_few_of_the_others() throws IOException {
        Path model = folder.resolve("model");
        TinyBundle.make(model);
        Dataset images = TinyBundle.images(7 * Indexing.BATCH, 3);
        AtomicInteger reads = new AtomicInteger();
        Dataset watched = new Dataset() {
            @Override
            public int size() {
                return images.size();
            }

            @Override
            public ImageSize imageSize() {
                return images.imageSize();
            }

            @Override
            public List<String> classNames() {
                return images.classNames();
            }

            @Override
            public int label(int index) {
                return images.label(index);
            }

            @Override
            public void pixels(int index, byte[] target, int offset) {
                reads.incrementAndGet();
                images.pixels(index, target, offset);
            }
        };
        try (Bundle bundle = Bundle.open(model, Precision.FP32)) {
            IndexPart.build(bundle, watched, new Part(7, 7), folder.resolve("share"), _ -> {});
        }
        assertThat(reads.get()).isEqualTo(1000 + Indexing.BATCH);
    }

    private static String fingerprint(Bundle bundle) throws IOException {
        try (CandidateSnapshot candidates = CandidateSnapshot.open(bundle.candidatesFolder())) {
            return candidates.fingerprint();
        }
    }
}
