package dev.racnn.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Class folders of images as training and test set: from {@code train/} and {@code val/} (or {@code test/}) where they
 * exist; else one image in {@value #TEST_SHARE} of each class is drawn for the test set.
 *
 * @param root holds {@code train/}, or the class folders themselves
 * @param imageSize what every image is cut and averaged to
 * @param seed of the draw, where there is one
 */
record FolderSource(Path root, ImageSize imageSize, long seed) implements DataSource {
    private static final int TEST_SHARE = 5;

    @Override
    public Dataset train() throws IOException {
        ImageFolder images = ImageFolder.open(trainingFolder(), imageSize);
        return hasTestFolder() ? images : split(images, false);
    }

    @Override
    public Dataset test() throws IOException {
        ImageFolder images = ImageFolder.open(trainingFolder(), imageSize);
        return hasTestFolder() ? ImageFolder.open(testFolder(), imageSize, images.classNames()) : split(images, true);
    }

    @Override
    public DataSource resizedTo(ImageSize size) {
        return new FolderSource(root, size, seed);
    }

    private Path trainingFolder() {
        Path train = root.resolve("train");
        return Files.isDirectory(train) ? train : root;
    }

    private Path testFolder() {
        Path val = root.resolve("val");
        return Files.isDirectory(val) ? val : root.resolve("test");
    }

    private boolean hasTestFolder() {
        return Files.isDirectory(root.resolve("train")) && Files.isDirectory(testFolder());
    }

    private Dataset split(Dataset images, boolean test) {
        List<List<Integer>> classes = new ArrayList<>();
        images.classNames().forEach(_ -> classes.add(new ArrayList<>()));
        for (int i = 0; i < images.size(); i++) {
            classes.get(images.label(i)).add(i);
        }
        Random random = new Random(seed);
        List<Integer> drawn = new ArrayList<>();
        for (List<Integer> members : classes) {
            Collections.shuffle(members, random);
            int testSize = Math.ceilDiv(members.size() - 1, TEST_SHARE);
            drawn.addAll(test ? members.subList(0, testSize) : members.subList(testSize, members.size()));
        }
        return new Subset(
                images, drawn.stream().sorted().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public String toString() {
        return "folder:" + root;
    }
}
