package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderLayoutTest {
    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(folder.resolve("mine"));
    }

    @ParameterizedTest
    @CsvSource({
        "train, test",
        "train, val",
        "train, valid",
        "train, validation",
        "train, testing",
        "training, test",
        "Train, Val"
    })
    void the_usual_names_of_the_parts_are_known(String training, String test) throws IOException {
        images(training + "/cat/1.png", training + "/dog/2.png", test + "/dog/3.png");

        assertThat(names(source().train())).containsExactly("cat/1.png", "dog/2.png");
        assertThat(names(source().test())).containsExactly("dog/3.png");
        assertThat(source().train().remarks()).isEmpty();
    }

    @Test
    void of_two_folders_for_testing_one_is_used_and_the_other_named() throws IOException {
        images("train/cat/1.png", "train/dog/2.png", "test/dog/3.png", "val/dog/4.png");
        assertThat(names(source().test())).containsExactly("dog/3.png");
        assertThat(source().train().remarks()).singleElement().asString().contains("mine/val: is not used", "in test");

        // As ImageNet has it: the images for testing have no labels.
        Files.move(root.resolve("test/dog"), root.resolve("test/images"));
        assertThat(names(source().test())).containsExactly("dog/4.png");
        assertThat(source().train().remarks()).singleElement().asString().contains("mine/test: is not used", "in val");
    }

    @Test
    void what_is_neither_is_named() throws IOException {
        images("train/cat/1.png", "test/cat/2.png", "other/3.png");
        assertThat(names(source().train())).containsExactly("cat/1.png");
        assertThat(source().train().remarks()).singleElement().asString().contains("mine/other: is not used");
    }

    @Test
    void a_part_without_the_other_is_refused() throws IOException {
        images("val/cat/1.png", "val/dog/2.png", "cat/3.png");
        assertRefused("mine/val: there is no folder train beside it");
    }

    @Test
    void two_folders_of_one_part_are_refused() throws IOException {
        images("train/cat/1.png", "training/cat/1.png");
        assertRefused("mine/train", "mine/training", "which is it?");
    }

    @Test
    void classes_beside_a_part_are_refused() throws IOException {
        images("train/cat/1.png", "train/dog/2.png", "eel/3.png");
        assertRefused("mine/eel: is it a class, or not used?");
    }

    @Test
    void images_for_testing_without_class_folders_are_refused() throws IOException {
        images("train/cat/1.png", "train/dog/2.png", "test/3.png");
        assertRefused("mine/test: the images must be in class folders");
    }

    @Test
    void a_class_may_be_called_like_a_part_but_is_said_to_be_one() throws IOException {
        images("train/1.png", "bus/2.png");
        Dataset train = source().train();
        assertThat(train.classNames()).containsExactly("bus", "train");
        assertThat(train.remarks()).singleElement().asString().contains("mine/train: is taken for a class");
    }

    @Test
    void parts_below_classes_are_refused() throws IOException {
        images("cat/train/1.png", "cat/test/2.png", "dog/train/3.png", "dog/test/4.png");
        assertRefused("called like a part of the data; the part comes first");
    }

    @Test
    void a_folder_that_holds_nothing_but_the_root_is_gone_into() throws IOException {
        images("mine/cat/1.png", "mine/dog/2.png");
        assertThat(source().train().classNames()).containsExactly("cat", "dog");
        assertThat(source().train().remarks()).singleElement().asString().contains("all that it holds is in mine");

        Files.move(root.resolve("mine"), root.resolve("train"));
        images("test/test/cat/3.png", "test/test/dog/4.png");
        assertThat(names(source().test())).containsExactly("cat/3.png", "dog/4.png");
    }

    @Test
    void the_root_beside_its_classes_is_refused() throws IOException {
        images("cat/1.png", "dog/2.png", "mine/cat/1.png", "mine/dog/2.png");
        assertRefused("mine/mine/", "called like another class");
    }

    @Test
    void class_folders_may_be_links() throws IOException {
        Path elsewhere = folder.resolve("elsewhere");
        images(elsewhere, "a/1.png", "a/more/2.png", "b/3.png");
        Files.createSymbolicLink(root.resolve("cat"), elsewhere.resolve("a"));
        Files.createSymbolicLink(root.resolve("dog"), elsewhere.resolve("b"));

        Dataset images = ImageFolder.open(root, null);
        assertThat(names(images)).containsExactly("cat/1.png", "cat/more/2.png", "dog/3.png");
        assertThat(images.remarks()).isEmpty();
        images.pixels(0, new byte[images.imageSize().bytes()], 0);
        // A link to the whole is a root as well.
        Path link = Files.createSymbolicLink(folder.resolve("link"), root);
        assertThat(names(ImageFolder.open(link, null))).hasSize(3);
    }

    @Test
    void a_folder_is_looked_through_once_and_links_to_it_are_named() throws IOException {
        images("cat/1.png", "cat/kittens/2.png", "dog/3.png");
        Files.createSymbolicLink(root.resolve("cat/young"), root.resolve("cat/kittens"));
        Files.createSymbolicLink(root.resolve("cat/back"), root.resolve("cat"));
        Files.createSymbolicLink(root.resolve("dog/nowhere.png"), root.resolve("gone.png"));

        Dataset images = ImageFolder.open(root, null);
        assertThat(names(images)).containsExactly("cat/1.png", "cat/kittens/2.png", "dog/3.png");
        assertThat(images.remarks())
                .hasSize(2)
                .anyMatch(remark -> remark.contains("2 links") && remark.contains("cat/back, cat/young"))
                .anyMatch(remark -> remark.contains("dog/nowhere.png") && remark.contains("lead nowhere"));
    }

    @Test
    void two_classes_that_are_one_folder_are_refused() throws IOException {
        images("cat/1.png", "dog/2.png");
        Files.createSymbolicLink(root.resolve("kitty"), root.resolve("cat"));
        assertRefused("kitty", "class 'cat' has already");
    }

    @Test
    void a_test_folder_that_is_the_training_folder_is_refused() throws IOException {
        images("train/cat/1.png", "train/dog/2.png");
        Files.createSymbolicLink(root.resolve("test"), root.resolve("train"));
        assertRefused("leads to the training images");
    }

    @Test
    void a_root_that_leads_back_into_itself_is_refused() throws IOException {
        Files.createSymbolicLink(root.resolve("mine"), root);
        assertRefused("leads back to a folder above it");
    }

    @Test
    void files_that_are_passed_over_are_counted_and_named() throws IOException {
        images("cat/1.png", "dog/2.png", "dog/.trash/3.png");
        for (int i = 0; i < 5; i++) {
            Files.writeString(root.resolve("cat/" + i + ".txt"), "not an image");
        }
        List<String> remarks = ImageFolder.open(root, null).remarks();
        assertThat(remarks)
                .hasSize(2)
                .anyMatch(remark -> remark.contains("5 files that do not end in .png")
                        && remark.contains("cat/0.txt, cat/1.txt, cat/2.txt, .."))
                .anyMatch(remark -> remark.contains("1 hidden files and folders") && remark.contains("dog/.trash"));
    }

    private DataSource source() {
        return DataSource.parse("folder:" + root);
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> source().train())
                .isInstanceOf(IOException.class)
                .message()
                .contains(parts);
    }

    private void images(String... names) throws IOException {
        images(root, names);
    }

    private static void images(Path root, String... names) throws IOException {
        for (String name : names) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
        }
    }

    private static List<String> names(Dataset dataset) {
        return IntStream.range(0, dataset.size()).mapToObj(dataset::name).toList();
    }
}
