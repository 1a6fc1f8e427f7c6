package dev.racnn;

import java.util.function.Consumer;

/**
 * How far something is that takes long: a training, an attack, the building of an index, a download. Whoever wants to know
 * is a {@code Consumer<Progress>}, called every now and then from the computing thread.
 *
 * @param stage what is going on, such as {@code pgd} or {@code phi epoch 3/14}
 * @param done how much of it is done, at least 0
 * @param total how much there is of it, or -1 if nobody knows
 * @param unit what is counted, in the plural, such as {@code images}
 * @param detail what else is known by now, such as the loss so far; may be empty
 */
public record Progress(String stage, long done, long total, String unit, String detail) {
    /** Hears nothing. */
    public static final Consumer<Progress> UNHEARD = _ -> {};

    private static final String IMAGES = "images";

    public Progress {
        if (done < 0 || total < -1) {
            throw new IllegalArgumentException(
                    "progress of '%s' must be at least 0, of a total of at least 0 or -1, but is %s of %s"
                            .formatted(stage, done, total));
        }
    }

    /** So many images. */
    public static Progress images(String stage, long done, long total) {
        return new Progress(stage, done, total, IMAGES, "");
    }

    /** Whether this is the last that is heard of the stage. */
    public boolean finished() {
        return total >= 0 && done >= total;
    }

    /** The same under a longer name of the stage. */
    public Progress within(String whole) {
        return new Progress(whole, done, total, unit, detail);
    }
}
