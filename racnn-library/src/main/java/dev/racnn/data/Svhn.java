package dev.racnn.data;

import dev.racnn.data.MatFile.Array;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the cropped digits of SVHN (Netzer et al., 2011): MATLAB files with {@code X}, bytes of shape 32x32x3xN, and
 * {@code y}, N labels in which 10 stands for the digit 0.
 *
 * <p>A {@code folder} is the one that holds {@code train_32x32.mat}, {@code test_32x32.mat} and {@code extra_32x32.mat}.
 */
public final class Svhn {
    /** Height and width of every image. */
    public static final ImageSize IMAGE_SIZE = new ImageSize(32, 32);

    /** The digits; the label of a digit is the digit. */
    public static final List<String> CLASS_NAMES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    private static final int SIDE = 32;
    private static final int DIGIT_ZERO = 10;
    private static final String REMEDY = "; get SVHN afresh with `racnn data download svhn`";

    private Svhn() {}

    /**
     * The training images, officially 73,257.
     *
     * @throws IOException if the file is missing, is truncated, or has another content; the message names it
     */
    public static Dataset train(Path folder) throws IOException {
        return read(folder.resolve("train_32x32.mat"));
    }

    /**
     * The test images, officially 26,032.
     *
     * @throws IOException as {@link #train}
     */
    public static Dataset test(Path folder) throws IOException {
        return read(folder.resolve("test_32x32.mat"));
    }

    /**
     * The extra images, officially 531,131: the paper's candidate set. They take 1.6 GB of memory.
     *
     * @throws IOException as {@link #train}
     */
    public static Dataset extra(Path folder) throws IOException {
        return read(folder.resolve("extra_32x32.mat"));
    }

    private static Dataset read(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "this file of SVHN is missing" + REMEDY);
        }
        try (MatFile file = new MatFile(path)) {
            byte @Nullable [] pixels = null;
            int @Nullable [] labels = null;
            try {
                for (Array array = file.next(); array != null; array = file.next()) {
                    switch (array.name()) {
                        case "X" -> pixels = pixels(file, array);
                        case "y" -> labels = labels(file, array);
                        default -> {
                            // MATLAB may save more than what the format of SVHN names.
                        }
                    }
                }
            } catch (EOFException | ZipException e) {
                throw file.broken(e);
            }
            if (pixels == null || labels == null) {
                throw file.failure("it lacks the variable " + (pixels == null ? "X" : "y") + " of SVHN");
            }
            if (pixels.length / IMAGE_SIZE.bytes() != labels.length) {
                throw file.failure(
                        "it has " + pixels.length / IMAGE_SIZE.bytes() + " images but " + labels.length + " labels");
            }
            return new InMemoryDataset(IMAGE_SIZE, CLASS_NAMES, labels, pixels);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(e.getMessage() + REMEDY, e);
        }
    }

    /** Images are stored channel by channel and column by column; here they are turned to rows. */
    private static byte[] pixels(MatFile file, Array x) throws IOException {
        int[] sizes = x.dimensions();
        // MATLAB drops a last dimension of 1.
        int count = sizes.length == 3 ? 1 : sizes[sizes.length - 1];
        boolean fits =
                (sizes.length == 3 || sizes.length == 4) && sizes[0] == SIDE && sizes[1] == SIDE && sizes[2] == 3;
        if (!fits || x.type() != MatFile.UINT8) {
            throw file.failure("X must be bytes of shape 32x32x3xN, but has another type or shape");
        }
        if ((long) count * IMAGE_SIZE.bytes() > Integer.MAX_VALUE - 8) {
            throw file.failure("X has " + count + " images, more than can be held in one array");
        }
        byte[] pixels = new byte[count * IMAGE_SIZE.bytes()];
        byte[] image = new byte[IMAGE_SIZE.bytes()];
        for (int i = 0; i < count; i++) {
            x.values().readFully(image);
            int target = i * image.length;
            for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
                for (int row = 0; row < SIDE; row++) {
                    for (int column = 0; column < SIDE; column++) {
                        pixels[target++] = image[(channel * SIDE + column) * SIDE + row];
                    }
                }
            }
        }
        return pixels;
    }

    private static int[] labels(MatFile file, Array y) throws IOException {
        int count = 1;
        for (int size : y.dimensions()) {
            count = Math.multiplyExact(count, size);
        }
        int[] labels = file.integers(y, count);
        for (int i = 0; i < count; i++) {
            if (labels[i] < 1 || labels[i] > DIGIT_ZERO) {
                throw file.failure("label " + i + " must be from 1 to 10, but is " + labels[i]);
            }
            labels[i] %= DIGIT_ZERO;
        }
        return labels;
    }
}
