package dev.racnn.evaluation;

import dev.racnn.attack.Examples;
import dev.racnn.data.Dataset;
import dev.racnn.data.Subset;
import dev.racnn.model.Bounds;
import dev.racnn.tensor.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which images of a test set are attacked, and in which order: more of them continue fewer.
 *
 * @param description for reports
 * @param order indices into the test set, each at most once; not copied, must not be changed
 */
public record Sample(String description, int[] order) {
    /** How the images are chosen. */
    @FunctionalInterface
    public interface Choice {
        /** The choice from a test set. */
        Sample from(Dataset test);
    }

    /**
     * Images drawn at random, every class in its share: however many are taken, each class has as many of them as its share
     * in the test set, up to two.
     */
    public static Choice drawn(long seed) {
        return test -> new Sample("drawn with seed %s, every class in its share".formatted(seed), draw(test, seed));
    }

    /**
     * The images from one of them on, in the order of the test set.
     *
     * @param start number of the first image, at least 0; whether there is one is asked when the choice is made
     */
    public static Choice from(int start) {
        if (start < 0) {
            throw new IllegalArgumentException("start must be at least 0, but is " + start);
        }
        return test -> {
            if (start >= test.size()) {
                throw new IllegalArgumentException(
                        "start must be below %s, the number of test images, but is %s".formatted(test.size(), start));
            }
            return new Sample(
                    "from image %s on".formatted(start),
                    IntStream.range(start, test.size()).toArray());
        };
    }

    /** How many images there are to take. */
    public int size() {
        return order.length;
    }

    /**
     * Some of the images, by their places in the order.
     *
     * @param from the first of them
     * @param to the one after the last
     */
    public Examples examples(Dataset test, int from, int to, Bounds bounds) {
        int[] indices = Arrays.copyOfRange(order, from, to);
        Examples numbered = Examples.of(new Subset(test, indices), 0, indices.length, bounds);
        return new Examples(numbered.size(), numbered.images(), numbered.labels(), indices);
    }

    private static int[] draw(Dataset test, long seed) {
        Seed base = new Seed(seed).derive("sample of images");
        List<List<Integer>> classes = new ArrayList<>();
        test.classNames().forEach(_ -> classes.add(new ArrayList<>()));
        for (int i = 0; i < test.size(); i++) {
            classes.get(test.label(i)).add(i);
        }
        List<Place> places = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            List<Integer> members = classes.get(label);
            SplittableRandom random = base.derive(label).random();
            for (int i = members.size() - 1; i > 0; i--) {
                members.set(i, members.set(random.nextInt(i + 1), members.get(i)));
            }
            // Spread evenly over [0, 1), each class from a place of its own, so that none comes first in every round.
            double offset = random.nextDouble();
            for (int i = 0; i < members.size(); i++) {
                places.add(new Place((i + offset) / members.size(), label, members.get(i)));
            }
        }
        places.sort(Comparator.comparingDouble(Place::position).thenComparingInt(Place::label));
        return places.stream().mapToInt(Place::index).toArray();
    }

    /** Where an image stands in the order. */
    private record Place(double position, int label, int index) {}
}
