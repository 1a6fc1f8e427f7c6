package dev.racnn.data;

import dev.racnn.tensor.Seed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Class folders of images as training and test set: from the folders {@code train} and {@code test} (or {@code val}) where
 * they exist; else about one image in {@value #TEST_SHARE} of each class is set aside for the test set.
 *
 * <p>Which ones follows from the path of an image alone, from the folder of the classes on, so that an image that is added
 * or removed leaves the others where they are. Two exceptions: a class with at least two images has one of each kind, so
 * that an image may change sides where all of a class would be on one; and the only image of a class is for training.
 *
 * @param root holds {@code train}, or the class folders themselves
 * @param preprocessing what images are made of it; null if they have one size and keep it
 * @param seed of the choice of test images, where one is made
 */
record FolderSource(Path root, @Nullable Preprocessing preprocessing, long seed) implements DataSource {
    private static final int TEST_SHARE = 5;

    @Override
    public Dataset train() throws IOException {
        FolderLayout layout = FolderLayout.of(root);
        ImageFolder images = open(layout);
        return layout.test() == null ? split(images, false) : images;
    }

    @Override
    public Dataset test() throws IOException {
        FolderLayout layout = FolderLayout.of(root);
        ImageFolder training = open(layout);
        return layout.test() == null
                ? split(training, true)
                : ImageFolder.open(layout.test(), preprocessing, training.classNames());
    }

    private ImageFolder open(FolderLayout layout) throws IOException {
        return ImageFolder.open(layout.training(), preprocessing).withRemarks(layout.remarks());
    }

    @Override
    public DataSource preprocessed(Preprocessing other) {
        return new FolderSource(root, other, seed);
    }

    private Dataset split(Dataset images, boolean test) {
        List<List<Integer>> classes = new ArrayList<>();
        images.classNames().forEach(_ -> classes.add(new ArrayList<>()));
        for (int i = 0; i < images.size(); i++) {
            classes.get(images.label(i)).add(i);
        }
        Seed ofSplit = new Seed(seed).derive("split");
        double[] draws = IntStream.range(0, images.size())
                .mapToObj(i -> images.name(i).replace(File.separatorChar, '/'))
                .mapToDouble(name -> ofSplit.derive(name).random().nextDouble())
                .toArray();
        List<Integer> chosen = new ArrayList<>();
        for (List<Integer> members : classes) {
            members.sort(Comparator.comparingDouble(i -> draws[i]));
            int drawn = (int)
                    members.stream().filter(i -> draws[i] < 1.0 / TEST_SHARE).count();
            int testSize = members.size() < 2 ? 0 : Math.clamp(drawn, 1, members.size() - 1);
            chosen.addAll(test ? members.subList(0, testSize) : members.subList(testSize, members.size()));
        }
        return new Subset(
                images, chosen.stream().sorted().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public String toString() {
        return "folder:" + root;
    }
}
