package dev.racnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.data.Dataset;
import dev.racnn.data.Fingerprint;
import dev.racnn.data.Subset;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.racnn.Provenance;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle whose candidates are its training images, {@code TinyBundle.images(24, 1)}. */
class SeenImagesTest {
    @TempDir
    static Path bundle;

    @BeforeAll
    static void train() throws IOException {
        TinyBundle.make(bundle);
    }

    @Test
    void test_images_that_are_candidates_are_counted() throws IOException {
        Dataset candidates = TinyBundle.images(24, 1);
        try (Subjects subjects = new Subjects(1, Precision.FP32, candidates.classNames())) {
            subjects.open(bundle, List.of());
            Subject racnn = subjects.all().getLast();
            Subject surrogate = subjects.all().getFirst();

            assertThat(SeenImages.among(racnn, candidates))
                    .hasValueSatisfying(remark -> assertThat(remark).startsWith("24 of 24 test images"));
            assertThat(SeenImages.among(racnn, new Subset(candidates, new int[] {5})))
                    .hasValueSatisfying(remark -> assertThat(remark).startsWith("1 of 1 test images"));
            assertThat(SeenImages.among(racnn, TinyBundle.images(24, 3))).isEmpty();
            assertThat(SeenImages.among(surrogate, candidates)).isEmpty();
        }
    }

    @Test
    void test_images_that_the_training_did_not_set_aside_are_told() throws IOException {
        Provenance origin =
                Objects.requireNonNull(BundleDescription.read(bundle).provenance());

        assertThat(SeenImages.since(origin, fingerprint(TinyBundle.images(8, 2))))
                .isEmpty();
        assertThat(SeenImages.since(origin, fingerprint(TinyBundle.images(24, 1))))
                .hasValue("the test images are those that it was made from");
        assertThat(SeenImages.since(origin, fingerprint(TinyBundle.images(8, 3))))
                .hasValueSatisfying(remark -> assertThat(remark).contains("8 images", "may have learnt from some"));
    }

    private static Fingerprint fingerprint(Dataset images) {
        return Fingerprint.of(images, _ -> {});
    }
}
