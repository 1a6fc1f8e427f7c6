package dev.racnn.racnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Layer;
import dev.racnn.model.Network;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupted build keeps what it had at a multiple of 5,000 candidates. */
class IndexingTest {
    private static final ImageSize SIZE = new ImageSize(2, 2);
    private static final int COUNT = 5_600;
    private static final int KEPT = 5_000;

    @TempDir
    private Path folder;

    private final Network phi =
            Network.random(List.of(new Layer.Flatten(), new Layer.FullyConnected("fc", SIZE.bytes(), 3, true)), 1);

    @AfterEach
    void close() {
        phi.close();
    }

    /** Images of noise that count how often they are read. */
    private record Watched(int changed, AtomicIntegerArray reads) implements Dataset {
        Watched(int changed) {
            this(changed, new AtomicIntegerArray(COUNT));
        }

        @Override
        public int size() {
            return COUNT;
        }

        @Override
        public ImageSize imageSize() {
            return SIZE;
        }

        @Override
        public List<String> classNames() {
            return List.of("odd", "even");
        }

        @Override
        public int label(int index) {
            return index % 2;
        }

        @Override
        public void pixels(int index, byte[] target, int offset) {
            reads.incrementAndGet(index);
            byte[] noise = new byte[SIZE.bytes()];
            new SplittableRandom(index == changed ? -1 : index).nextBytes(noise);
            System.arraycopy(noise, 0, target, offset, noise.length);
        }

        int readsFrom(int begin, int end) {
            int sum = 0;
            for (int i = begin; i < end; i++) {
                sum += reads.get(i);
            }
            return sum;
        }
    }

    private CandidateSet build(Dataset images, String name, int stopAt) throws IOException {
        KeyExtractor keys = new KeyExtractor(KeyKind.PIXELS, phi, phi, Precision.FP32);
        return new Indexing(phi, keys, layout()).build(folder.resolve(name), images, 0, COUNT, "", _ -> {}, done -> {
            if (done == stopAt) {
                throw new IllegalStateException("interrupted");
            }
        });
    }

    private static CandidateLayout layout() {
        return new CandidateLayout(SIZE.bytes(), 3, SIZE.height(), SIZE.width(), List.of("odd", "even"), "phi");
    }

    private String fingerprint(String name) throws IOException {
        try (CandidateSnapshot set = CandidateSnapshot.open(folder.resolve(name))) {
            return set.fingerprint();
        }
    }

    @Test
    void every_image_is_read_once_and_those_of_an_interrupted_build_once_more() throws IOException {
        Watched images = new Watched(-1);
        build(images, "whole", -1);
        assertThat(images.readsFrom(0, COUNT)).isEqualTo(COUNT);

        assertThatThrownBy(() -> build(new Watched(-1), "killed", 5_250)).hasMessage("interrupted");
        Watched again = new Watched(-1);
        build(again, "killed", -1);
        assertThat(again.readsFrom(0, KEPT)).isEqualTo(KEPT);
        assertThat(again.readsFrom(KEPT, COUNT)).isEqualTo(COUNT - KEPT);
        assertThat(fingerprint("killed")).isEqualTo(fingerprint("whole"));
    }

    @Test
    void an_image_that_has_changed_is_noticed_if_it_was_indexed_already() throws IOException {
        for (int changed : new int[] {17, COUNT - 1}) {
            String killed = "killed " + changed;
            assertThatThrownBy(() -> build(new Watched(-1), killed, 5_250)).hasMessage("interrupted");
            Watched others = new Watched(changed);
            build(others, killed, -1);
            // Read to be compared, and read again because the comparison failed.
            assertThat(others.reads.get(0)).isEqualTo(changed == 17 ? 2 : 1);
            String whole = "whole " + changed;
            build(new Watched(changed), whole, -1);
            assertThat(fingerprint(killed)).isEqualTo(fingerprint(whole));
        }
    }
}
