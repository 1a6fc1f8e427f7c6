package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final ImageSize SIZE = new ImageSize(3, 2);
    private static final List<String> CLASSES = List.of("cat", "dog");
    private static final int COUNT = 2_500;

    private final int[] labels = IntStream.range(0, COUNT).map(i -> i % 2).toArray();
    private final byte[] pixels = new byte[COUNT * SIZE.bytes()];

    FingerprintTest() {
        new Random(1).nextBytes(pixels);
    }

    @Test
    void a_fingerprint_tells_data_sets_of_one_size_apart() {
        Fingerprint first = of(new InMemoryDataset(SIZE, CLASSES, labels, pixels));
        byte[] others = new byte[pixels.length];
        new Random(2).nextBytes(others);

        assertThat(of(new InMemoryDataset(SIZE, CLASSES, labels.clone(), pixels.clone())))
                .isEqualTo(first);
        assertThat(of(new InMemoryDataset(SIZE, CLASSES, labels, others))).isNotEqualTo(first);
    }

    @Test
    void no_bit_of_an_image_no_label_no_name_and_no_order_may_change() {
        List<Fingerprint> all = new ArrayList<>();
        all.add(of(new InMemoryDataset(SIZE, CLASSES, labels, pixels)));
        for (int place : new int[] {0, 17, pixels.length / 2, pixels.length - 1}) {
            byte[] changed = pixels.clone();
            changed[place] ^= 1;
            all.add(of(new InMemoryDataset(SIZE, CLASSES, labels, changed)));
        }
        int[] relabelled = labels.clone();
        relabelled[1_234] = 1 - relabelled[1_234];
        all.add(of(new InMemoryDataset(SIZE, CLASSES, relabelled, pixels)));
        all.add(of(new InMemoryDataset(SIZE, List.of("cat", "eel"), labels, pixels)));
        all.add(of(new InMemoryDataset(new ImageSize(2, 3), CLASSES, labels, pixels)));
        Dataset whole = new InMemoryDataset(SIZE, CLASSES, labels, pixels);
        all.add(of(Subset.range(whole, 0, COUNT - 1)));
        int[] exchanged = IntStream.range(0, COUNT).toArray();
        exchanged[10] = 12;
        exchanged[12] = 10;
        all.add(of(new Subset(whole, exchanged)));

        assertThat(new HashSet<>(all)).hasSameSizeAs(all);
    }

    @Test
    void a_running_fingerprint_is_that_of_the_images_so_far_whoever_read_them() {
        Dataset all = new InMemoryDataset(SIZE, CLASSES, labels, pixels);
        RunningFingerprint running = new RunningFingerprint(all, 0);
        for (int i = 0; i < 100; i++) {
            running.add(pixels, i * SIZE.bytes());
        }
        assertThat(running.sha256()).isEqualTo(of(Subset.range(all, 0, 100)).sha256());
        running.readTo(COUNT, _ -> {});
        assertThat(running.sha256()).isEqualTo(of(all).sha256());
    }

    private static Fingerprint of(Dataset data) {
        return Fingerprint.of(data, _ -> {});
    }
}
