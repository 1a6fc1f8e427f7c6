package dev.racnn.data;

import java.util.Arrays;

/**
 * Brings an image to a size: the largest centred window of the target's proportions is cut out, and every target pixel
 * becomes the average of the area of that window which it covers, parts of pixels counted as parts.
 */
final class AreaResize {
    private AreaResize() {}

    /**
     * Cuts and averages an image.
     *
     * @param image channel by channel, row by row, {@code from.bytes()} long
     * @return {@code to.bytes()} bytes; the image itself if the sizes are equal
     */
    static byte[] resize(byte[] image, ImageSize from, ImageSize to) {
        if (from.equals(to)) {
            return image;
        }
        // The side that is relatively shorter is kept whole.
        double scale = Math.min((double) from.height() / to.height(), (double) from.width() / to.width());
        double top = (from.height() - scale * to.height()) / 2;
        double left = (from.width() - scale * to.width()) / 2;

        byte[] result = new byte[to.bytes()];
        float[] narrow = new float[from.height() * to.width()];
        for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
            int plane = channel * from.height() * from.width();
            for (int x = 0; x < to.width(); x++) {
                double start = left + x * scale;
                double end = Math.min(start + scale, from.width());
                for (int column = (int) start; column < end; column++) {
                    float weight = (float) (share(column, start, end) / scale);
                    for (int y = 0; y < from.height(); y++) {
                        narrow[y * to.width() + x] += weight * (image[plane + y * from.width() + column] & 0xFF);
                    }
                }
            }
            for (int y = 0; y < to.height(); y++) {
                double start = top + y * scale;
                double end = Math.min(start + scale, from.height());
                int target = (channel * to.height() + y) * to.width();
                for (int x = 0; x < to.width(); x++) {
                    float sum = 0;
                    for (int row = (int) start; row < end; row++) {
                        sum += (float) (share(row, start, end) / scale) * narrow[row * to.width() + x];
                    }
                    result[target + x] = (byte) Math.min(255, Math.round(sum));
                }
            }
            Arrays.fill(narrow, 0);
        }
        return result;
    }

    /** How much of the pixel from {@code place} to {@code place + 1} lies between start and end. */
    private static double share(int place, double start, double end) {
        return Math.min(place + 1, end) - Math.max(place, start);
    }
}
