package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.racnn.tensor.Scope;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    private static final ImageSize SIZE = new ImageSize(2, 2);
    private static final Preprocessing TWO = Preprocessing.area(SIZE);

    @TempDir
    Path root;

    @Test
    void classes_and_images_are_in_the_order_of_their_names() throws IOException {
        image("dog/b.png", 4);
        image("cat/z.png", 2);
        image("dog/a.PNG", 3);
        image("cat/more/a.png", 1);
        Files.writeString(root.resolve("cat/notes.txt"), "not an image");
        Files.writeString(root.resolve("cat/.hidden.png"), "not an image");
        Files.writeString(root.resolve("words.txt"), "not a class");

        ImageFolder folder = ImageFolder.open(root, TWO);

        assertThat(folder.classNames()).containsExactly("cat", "dog");
        assertThat(names(folder)).containsExactly("cat/more/a.png", "cat/z.png", "dog/a.PNG", "dog/b.png");
        assertThat(IntStream.range(0, 4).map(folder::label)).containsExactly(0, 0, 1, 1);
        for (int i = 0; i < 4; i++) {
            assertThat(greyOf(folder, i)).isEqualTo(i + 1);
            // A second time, when it is kept.
            assertThat(greyOf(folder, i)).isEqualTo(i + 1);
        }
    }

    @Test
    void a_damaged_image_is_named_when_it_is_asked_for() throws IOException {
        image("cat/a.png", 1);
        Path damaged = Files.writeString(root.resolve("cat/b.png"), "nothing");
        ImageFolder folder = ImageFolder.open(root, TWO);

        assertThat(greyOf(folder, 0)).isEqualTo(1);
        assertThatThrownBy(() -> greyOf(folder, 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(damaged.toString())
                .hasMessageContaining("replace the file");
    }

    @Test
    void a_folder_that_is_no_data_set_is_refused() throws IOException {
        assertThatThrownBy(() -> ImageFolder.open(root.resolve("nowhere"), TWO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> ImageFolder.open(root, TWO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a folder for each class");
        image("cat/a.png", 1);
        Files.createDirectory(root.resolve("dog"));
        assertThatThrownBy(() -> ImageFolder.open(root, TWO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("dog: this class folder holds no PNG or JPEG image");
    }

    @Test
    void train_and_val_folders_are_training_and_test_set() throws IOException {
        image("train/cat/images/a.png", 1);
        image("train/dog/images/b.png", 2);
        image("val/dog/c.png", 3);
        DataSource source = DataSource.parse("folder:" + root).preprocessed(TWO);

        assertThat(names(source.train())).containsExactly("cat/images/a.png", "dog/images/b.png");
        Dataset test = source.test();
        assertThat(names(test)).containsExactly("dog/c.png");
        assertThat(test.classNames()).containsExactly("cat", "dog");
        assertThat(test.label(0)).isEqualTo(1);

        image("val/cow/d.png", 4);
        assertThatThrownBy(source::test)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cow: this class is not among the 2 classes of the training images");
    }

    @Test
    void without_a_test_folder_a_fifth_of_each_class_is_drawn() throws IOException {
        for (int i = 0; i < 10; i++) {
            image("cat/" + i + ".png", i);
            image("dog/" + i + ".png", i);
        }
        image("eel/lonely.png", 1);
        // With this seed it is exactly a fifth.
        DataSource source = new FolderSource(root, TWO, 0);

        List<String> train = names(source.train());
        List<String> test = names(source.test());
        assertThat(test).hasSize(4).doesNotContainAnyElementsOf(train).isEqualTo(names(source.test()));
        assertThat(test).filteredOn(name -> name.startsWith("cat")).hasSize(2);
        List<String> all = new ArrayList<>(train);
        all.addAll(test);
        assertThat(all).hasSize(21).doesNotHaveDuplicates();
        assertThat(names(new FolderSource(root, TWO, 6).test())).isNotEqualTo(test);
    }

    @Test
    void an_image_that_comes_or_goes_leaves_the_others_in_training_or_test() throws IOException {
        for (int i = 0; i < 40; i++) {
            image("cat/" + i + ".png", i);
            image("dog/" + i + ".png", i);
        }
        DataSource source = new FolderSource(root, TWO, 0);
        List<String> train = names(source.train());
        List<String> test = names(source.test());
        // Five binomial standard deviations around a fifth of 80.
        assertThat(test).hasSizeBetween(1, 34);

        for (String added : List.of("cat/a.png", "dog/0a.png", "ape/1.png", "cat/more/b.png")) {
            image(added, 1);
            assertThat(names(source.train())).containsAll(train);
            assertThat(names(source.test())).containsAll(test);
        }
        Files.delete(root.resolve("cat/3.png"));
        assertThat(train)
                .containsAll(without(names(source.train()), "cat/a.png", "dog/0a.png", "ape/1.png", "cat/more/b.png"));
        assertThat(test).containsAll(without(names(source.test()), "cat/a.png", "dog/0a.png", "cat/more/b.png"));
    }

    @Test
    void every_class_of_two_or_more_has_an_image_for_testing_and_one_for_training() throws IOException {
        for (int label = 0; label < 30; label++) {
            for (int i = 0; i <= label % 3; i++) {
                image("class%02d/%d.png".formatted(label, i), i);
            }
        }
        DataSource source = new FolderSource(root, TWO, 0);
        assertThat(classesOf(source.train())).hasSize(30);
        assertThat(classesOf(source.test())).hasSize(20);
    }

    private static List<String> without(List<String> names, String... excluded) {
        List<String> kept = new ArrayList<>(names);
        kept.removeAll(List.of(excluded));
        return kept;
    }

    private static List<Integer> classesOf(Dataset images) {
        return IntStream.range(0, images.size())
                .mapToObj(images::label)
                .distinct()
                .toList();
    }

    @Test
    void images_of_one_size_keep_it_and_others_are_refused() throws IOException {
        image("cat/a.png", 1);
        image("cat/b.png", 2);
        ImageFolder folder = ImageFolder.open(root, null);
        assertThat(folder.imageSize()).isEqualTo(new ImageSize(4, 4));
        folder.pixels(1, new byte[48], 0);

        ImageIO.write(
                new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                root.resolve("cat/b.png").toFile());
        assertThat(folder.originalSize(1)).isEqualTo(new ImageSize(4, 5));
        ImageFolder other = ImageFolder.open(root, null);
        assertThatThrownBy(() -> other.pixels(1, new byte[48], 0)).hasMessageContaining("cat/b.png", "4x4", "4x5");
    }

    @Test
    void batches_hold_the_images_of_their_indices_whether_announced_or_not() throws IOException {
        for (int i = 0; i < 30; i++) {
            image("cat/%02d.png".formatted(i), i);
        }
        Dataset odd = new Subset(
                ImageFolder.open(root, TWO),
                IntStream.range(0, 15).map(i -> 2 * i + 1).toArray());
        try (var _ = Scope.open()) {
            for (int start = 0; start < 15; start += 6) {
                Batch batch = Batch.range(odd, start, Math.min(start + 6, 15));
                for (int i = 0; i < batch.size(); i++) {
                    byte[] image = Arrays.copyOfRange(batch.pixels(), i * SIZE.bytes(), (i + 1) * SIZE.bytes());
                    assertThat(image).containsOnly(2 * (start + i) + 1);
                }
            }
        }
    }

    @Test
    void damaged_images_may_be_left_out() throws IOException {
        for (int i = 0; i < 20; i++) {
            image("cat/%02d.png".formatted(i), i);
        }
        ImageFolder whole = ImageFolder.open(root, TWO);
        assertThat(Subset.readable(whole, _ -> {}, _ -> {})).isSameAs(whole);
        Path bad = Files.writeString(root.resolve("cat/07.png"), "nothing");
        List<String> faults = new ArrayList<>();
        Dataset rest = Subset.readable(ImageFolder.open(root, TWO), faults::add, _ -> {});

        assertThat(faults).singleElement().asString().contains(bad.toString());
        assertThat(rest.size()).isEqualTo(19);
        assertThat(names(rest)).doesNotContain("cat/07.png");
        assertThat(greyOf(rest, 7)).isEqualTo(8);
        for (int i = 0; i < 20; i++) {
            Files.writeString(root.resolve("cat/%02d.png".formatted(i)), "nothing");
        }
        Dataset none = ImageFolder.open(root, TWO);
        assertThatThrownBy(() -> Subset.readable(none, _ -> {}, _ -> {})).hasMessageContaining("none of the 20 images");
    }

    @Test
    void images_may_be_read_by_many_threads() throws IOException {
        for (int i = 0; i < 50; i++) {
            image("cat/%02d.png".formatted(i), i);
        }
        ImageFolder folder = ImageFolder.open(root, TWO);

        assertThat(IntStream.range(0, 500).parallel().map(i -> greyOf(folder, i % 50) - i % 50))
                .containsOnly(0);
    }

    private void image(String name, int grey) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 16; i++) {
            image.setRGB(i % 4, i / 4, grey * 0x010101);
        }
        assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    }

    private static int greyOf(Dataset dataset, int index) {
        byte[] pixels = new byte[SIZE.bytes()];
        dataset.pixels(index, pixels, 0);
        for (byte pixel : pixels) {
            assertThat(pixel).isEqualTo(pixels[0]);
        }
        return pixels[0];
    }

    private static List<String> names(Dataset dataset) {
        return IntStream.range(0, dataset.size()).mapToObj(dataset::name).toList();
    }
}
