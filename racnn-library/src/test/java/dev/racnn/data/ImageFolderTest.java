package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
    private static final ImageSize SIZE = new ImageSize(2, 2);

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

        ImageFolder folder = ImageFolder.open(root, SIZE);

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
        ImageFolder folder = ImageFolder.open(root, SIZE);

        assertThat(greyOf(folder, 0)).isEqualTo(1);
        assertThatThrownBy(() -> greyOf(folder, 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(damaged.toString())
                .hasMessageContaining("replace the file");
    }

    @Test
    void a_folder_that_is_no_data_set_is_refused() throws IOException {
        assertThatThrownBy(() -> ImageFolder.open(root.resolve("nowhere"), SIZE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> ImageFolder.open(root, SIZE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a folder for each class");
        image("cat/a.png", 1);
        Files.createDirectory(root.resolve("dog"));
        assertThatThrownBy(() -> ImageFolder.open(root, SIZE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("dog: this class folder holds no PNG or JPEG image");
    }

    @Test
    void train_and_val_folders_are_training_and_test_set() throws IOException {
        image("train/cat/images/a.png", 1);
        image("train/dog/images/b.png", 2);
        image("val/dog/c.png", 3);
        DataSource source = DataSource.parse("folder:" + root).resizedTo(SIZE);

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
        DataSource source = new FolderSource(root, SIZE, 5);

        List<String> train = names(source.train());
        List<String> test = names(source.test());
        assertThat(test).hasSize(4).doesNotContainAnyElementsOf(train).isEqualTo(names(source.test()));
        assertThat(test).filteredOn(name -> name.startsWith("cat")).hasSize(2);
        List<String> all = new ArrayList<>(train);
        all.addAll(test);
        assertThat(all).hasSize(21).doesNotHaveDuplicates();
        assertThat(names(new FolderSource(root, SIZE, 6).test())).isNotEqualTo(test);
    }

    @Test
    void images_may_be_read_by_many_threads() throws IOException {
        for (int i = 0; i < 50; i++) {
            image("cat/%02d.png".formatted(i), i);
        }
        ImageFolder folder = ImageFolder.open(root, SIZE);

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
