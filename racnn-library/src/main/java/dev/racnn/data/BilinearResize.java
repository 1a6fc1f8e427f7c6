package dev.racnn.data;

import java.io.IOException;
import java.util.Arrays;

/**
 * Bilinear resizing with antialiasing, in the fixed-point arithmetic of Pillow for 8-bit images, so that every byte is the
 * same: a triangle as wide as two pixels of the smaller grid is laid over the pixels, first along the rows, rounded to 8
 * bits, then along the columns. Only what the crop needs is computed.
 */
final class BilinearResize {
    /** Bits after the point: 8 bits of a sample and 2 of overshoot are left of 32. */
    private static final int FRACTION = 22;

    private static final int HALF = 1 << (FRACTION - 1);

    /**
     * Weights of one side.
     *
     * @param first for each place of the result, the first place of the image that counts
     * @param weights for each place of the result, those of the places from there, in fixed point; their sum is 1
     */
    private record Kernels(int[] first, int[][] weights) {
        /** Kernels of the places from {@code start}, {@code count} of them, when {@code from} pixels become {@code to}. */
        static Kernels of(int from, int to, int start, int count) {
            double scale = (double) from / to;
            double support = Math.max(scale, 1);
            int[] first = new int[count];
            int[][] weights = new int[count][];
            for (int i = 0; i < count; i++) {
                double centre = (start + i + 0.5) * scale;
                first[i] = Math.max(0, (int) (centre - support + 0.5));
                int end = Math.min(from, (int) (centre + support + 0.5));
                double[] exact = new double[end - first[i]];
                double sum = 0;
                for (int j = 0; j < exact.length; j++) {
                    exact[j] = Math.max(0, 1 - Math.abs((first[i] + j + 0.5 - centre) / support));
                    sum += exact[j];
                }
                weights[i] = new int[exact.length];
                for (int j = 0; j < exact.length; j++) {
                    weights[i][j] = (int) (exact[j] / sum * (1 << FRACTION) + 0.5);
                }
            }
            return new Kernels(first, weights);
        }

        int end(int place) {
            return first[place] + weights[place].length;
        }
    }

    private BilinearResize() {}

    /**
     * A part of a resized image.
     *
     * @param to the size of the whole
     * @param top first row of the part
     * @param left first column of the part
     * @param part its size
     * @return {@code part.bytes()} unsigned bytes in the order channel, row, column
     * @throws IOException if the samples of the image are out of range
     */
    static byte[] resize(RgbImage image, ImageSize to, int top, int left, ImageSize part) throws IOException {
        if (part.equals(to) && to.equals(image.size())) {
            return image.planes();
        }
        Kernels columns = Kernels.of(image.size().width(), to.width(), left, part.width());
        Kernels rows = Kernels.of(image.size().height(), to.height(), top, part.height());
        int firstRow = rows.first[0];
        int lineBytes = ImageSize.CHANNELS * part.width();
        byte[] narrow = new byte[(rows.end(part.height() - 1) - firstRow) * lineBytes];
        int[] line = new int[ImageSize.CHANNELS * image.size().width()];
        for (int at = 0; at < narrow.length; at += lineBytes) {
            image.row(firstRow + at / lineBytes, line);
            narrow(line, columns, narrow, at);
        }
        byte[] result = new byte[part.bytes()];
        int[] sums = new int[lineBytes];
        for (int y = 0; y < part.height(); y++) {
            Arrays.fill(sums, HALF);
            for (int j = 0; j < rows.weights[y].length; j++) {
                int weight = rows.weights[y][j];
                int from = (rows.first[y] - firstRow + j) * lineBytes;
                for (int i = 0; i < lineBytes; i++) {
                    sums[i] += weight * (narrow[from + i] & 0xFF);
                }
            }
            for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
                int target = (channel * part.height() + y) * part.width();
                for (int x = 0; x < part.width(); x++) {
                    result[target + x] = rounded(sums[channel * part.width() + x]);
                }
            }
        }
        return result;
    }

    /** One row, resized along itself; channel by channel. */
    private static void narrow(int[] line, Kernels columns, byte[] target, int offset) {
        int width = columns.first.length;
        for (int x = 0; x < width; x++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int from = ImageSize.CHANNELS * columns.first[x];
            for (int weight : columns.weights[x]) {
                red += weight * line[from];
                green += weight * line[from + 1];
                blue += weight * line[from + 2];
                from += ImageSize.CHANNELS;
            }
            target[offset + x] = rounded(red);
            target[offset + width + x] = rounded(green);
            target[offset + 2 * width + x] = rounded(blue);
        }
    }

    private static byte rounded(int sum) {
        return (byte) Math.min(255, Math.max(0, sum >> FRACTION));
    }
}
