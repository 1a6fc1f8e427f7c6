package dev.racnn.cli.options;

import dev.racnn.evaluation.Sample;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --start}, {@code --seed} and {@code --batch}: which test images are attacked, and how many of them together. */
public final class AttackedImages {
    @Option(
            names = "--start",
            paramLabel = "I",
            description =
                    "Attacks the test images from this one on; by default they are drawn, every class in its share.")
    private @Nullable Integer start;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed of all random numbers.")
    private long seed;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Images attacked together; by default 64, on a GPU more.")
    private @Nullable Integer batch;

    /** For picocli. */
    public AttackedImages() {}

    /**
     * Which images there are to be attacked.
     *
     * @throws IllegalArgumentException if the first one is below 0
     */
    public Sample.Choice choice() {
        return start == null ? Sample.drawn(seed) : Sample.from(start);
    }

    /** Of all random numbers. */
    public long seed() {
        return seed;
    }

    /** Images attacked together; null where nothing was said. */
    public @Nullable Integer batch() {
        return batch;
    }
}
