package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class BundledTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/racnn/data");

    @Test
    void the_training_sample_has_five_hundred_images_of_each_class() throws IOException {
        Dataset train = Bundled.train();

        assertThat(train.imageSize()).isEqualTo(new ImageSize(32, 32));
        assertThat(train.classNames()).isEqualTo(Cifar10.CLASS_NAMES);
        assertThat(counts(train)).containsOnly(500).hasSize(10);
    }

    @Test
    void the_test_sample_has_a_hundred_images_of_each_class() throws IOException {
        assertThat(counts(Bundled.test())).containsOnly(100).hasSize(10);
    }

    @Test
    void the_sample_is_bit_exact() throws IOException {
        // Computed from the records of the official files, independently of the code under test.
        assertThat(sha256(Bundled.train()))
                .isEqualTo("bf8e2e6b9e381140badf8be7d1755e1397c2141221aeec58a41af45b5ef906a7");
        assertThat(sha256(Bundled.test()))
                .isEqualTo("2874326af7bc2185faa47540a6da15a077e5b66659f8e479abb9ab628170fa86");
    }

    /**
     * Draws the sample again: {@code mvn test -pl :racnn -Dtest=BundledTest -Dracnn.cifar10=FOLDER} compares it with the one
     * in the repository, and with {@code -Dracnn.sample=write} replaces that one.
     */
    @Test
    @EnabledIfSystemProperty(named = "racnn.cifar10", matches = ".+")
    void the_sample_is_the_first_images_of_each_class() throws IOException {
        Path cifar10 = Path.of(System.getProperty("racnn.cifar10"));
        Dataset train = firstOfEachClass(Cifar10.train(cifar10), Bundled.TRAINING_PER_CLASS);
        Dataset test = firstOfEachClass(Cifar10.test(cifar10), Bundled.TEST_PER_CLASS);
        if ("write".equals(System.getProperty("racnn.sample"))) {
            try (OutputStream out = Files.newOutputStream(RESOURCES.resolve(Bundled.TRAINING_FILE))) {
                PackedImages.write(train, out);
            }
            try (OutputStream out = Files.newOutputStream(RESOURCES.resolve(Bundled.TEST_FILE))) {
                PackedImages.write(test, out);
            }
        } else {
            assertThat(sha256(Bundled.train())).isEqualTo(sha256(train));
            assertThat(sha256(Bundled.test())).isEqualTo(sha256(test));
        }
    }

    @Test
    void packing_loses_nothing() throws IOException {
        // Noise reaches every branch of the prediction, and every wrap-around modulo 256.
        ImageSize size = new ImageSize(5, 7);
        byte[] pixels = new byte[40 * size.bytes()];
        new Random(4).nextBytes(pixels);
        int[] labels = IntStream.range(0, 40).map(i -> i % 3).toArray();
        Dataset noise = new InMemoryDataset(size, List.of("a", "b", "c"), labels, pixels);

        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        PackedImages.write(noise, packed);
        Dataset read = PackedImages.read(new ByteArrayInputStream(packed.toByteArray()), noise.classNames());

        assertThat(read.imageSize()).isEqualTo(size);
        assertThat(bytes(read)).isEqualTo(bytes(noise));
    }

    @Test
    void a_damaged_file_is_refused() throws IOException {
        Dataset one = new InMemoryDataset(new ImageSize(2, 2), List.of("a"), new int[] {0}, new byte[12]);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        PackedImages.write(one, packed);
        byte[] whole = packed.toByteArray();

        byte[] truncated = Arrays.copyOf(whole, whole.length - 8);
        assertThatThrownBy(() -> PackedImages.read(new ByteArrayInputStream(truncated), List.of("a")))
                .isInstanceOf(IOException.class);
        for (int i = 16 + 1; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 16;
            assertThatThrownBy(() -> PackedImages.read(new ByteArrayInputStream(flipped), List.of("a")))
                    .isInstanceOf(IOException.class);
        }
        byte[] other = whole.clone();
        other[0]++;
        assertThatThrownBy(() -> PackedImages.read(new ByteArrayInputStream(other), List.of("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not packed images");
    }

    private static Dataset firstOfEachClass(Dataset dataset, int perClass) {
        int[] drawn = new int[dataset.classNames().size()];
        int[] indices = IntStream.range(0, dataset.size())
                .filter(i -> drawn[dataset.label(i)]++ < perClass)
                .toArray();
        return new Subset(dataset, indices);
    }

    private static int[] counts(Dataset dataset) {
        int[] counts = new int[dataset.classNames().size()];
        for (int i = 0; i < dataset.size(); i++) {
            counts[dataset.label(i)]++;
        }
        return counts;
    }

    /** The images as records of CIFAR-10's binary layout. */
    private static byte[] bytes(Dataset dataset) {
        int record = 1 + dataset.imageSize().bytes();
        byte[] bytes = new byte[dataset.size() * record];
        for (int i = 0; i < dataset.size(); i++) {
            bytes[i * record] = (byte) dataset.label(i);
            dataset.pixels(i, bytes, i * record + 1);
        }
        return bytes;
    }

    private static String sha256(Dataset dataset) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(dataset)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
