package dev.racnn.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.stream.IntStream;

/**
 * The samples of a decoded image as eight-bit red, green and blue, the right way up.
 *
 * <p>Grey images have three equal channels, 16-bit samples lose their lower bits, floating-point samples must lie in [0, 1],
 * transparent pixels are laid on white, and inks become what they leave of white light. Colour profiles are not applied.
 */
final class RgbImage {
    private static final int WHITE = 255;

    private final BufferedImage image;
    private final Orientation orientation;
    private final ImageSize size;
    private final ColorModel model;
    private final int bands;
    private final boolean floating;
    private final boolean plain;

    /** @throws IOException if the samples have no meaning here, such as 32-bit whole numbers or a colour space of their own */
    RgbImage(BufferedImage image, Orientation orientation) throws IOException {
        this.image = image;
        this.orientation = orientation;
        size = orientation.upright(new ImageSize(image.getHeight(), image.getWidth()));
        model = image.getColorModel();
        bands = image.getRaster().getNumBands();
        int type = image.getRaster().getSampleModel().getDataType();
        floating = type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE;
        if (!floating && (model.getComponentSize(0) > 16 || type == DataBuffer.TYPE_SHORT)) {
            throw new IOException("its samples are whole numbers of %s bits%s, not of 1 to 16 bits from 0 on"
                    .formatted(model.getComponentSize(0), type == DataBuffer.TYPE_SHORT ? " with a sign" : ""));
        }
        int colours = model.getNumColorComponents();
        boolean known = switch (model.getColorSpace().getType()) {
            case ColorSpace.TYPE_GRAY -> colours == 1;
            case ColorSpace.TYPE_RGB -> colours == ImageSize.CHANNELS;
            case ColorSpace.TYPE_CMYK -> colours == 4;
            default -> false;
        };
        if (!known) {
            throw new IOException("its %s colour components are neither grey, RGB nor CMYK".formatted(colours));
        }
        plain = !floating
                && !(model instanceof IndexColorModel)
                && bands == ImageSize.CHANNELS
                && colours == ImageSize.CHANNELS
                && IntStream.range(0, bands).allMatch(band -> model.getComponentSize(band) == 8)
                && !orientation.mirrored();
    }

    ImageSize size() {
        return size;
    }

    /**
     * Reads a row.
     *
     * @param rgb takes red, green and blue, from 0 to 255, of each pixel from left to right
     * @throws IOException if floating-point samples are not in [0, 1]
     */
    void row(int y, int[] rgb) throws IOException {
        int length = size.width();
        int line = orientation.backwards() ? size.height() - 1 - y : y;
        int x = orientation.transposed() ? line : 0;
        int top = orientation.transposed() ? 0 : line;
        int width = orientation.transposed() ? 1 : length;
        int height = orientation.transposed() ? length : 1;
        if (plain) {
            // Eight bits of red, green and blue: what nearly every photograph is.
            image.getRaster().getPixels(x, top, width, height, rgb);
            return;
        }
        if (model instanceof IndexColorModel) {
            int[] colours = image.getRGB(x, top, width, height, null, 0, width);
            for (int i = 0; i < length; i++) {
                int target = target(i);
                for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
                    rgb[target + channel] = onWhite(colours[i] >>> (16 - 8 * channel) & 0xFF, colours[i] >>> 24);
                }
            }
            return;
        }
        int[] samples = samples(image.getRaster(), x, top, width, height);
        for (int i = 0; i < length; i++) {
            colour(samples, i * bands, rgb, target(i));
        }
    }

    private int target(int place) {
        return ImageSize.CHANNELS * (orientation.mirrored() ? size.width() - 1 - place : place);
    }

    /** Samples of 8 bits, pixel by pixel. {@code BufferedImage.getRGB} would take grey for linear light and brighten it. */
    private int[] samples(Raster raster, int x, int y, int width, int height) throws IOException {
        if (floating) {
            float[] values = raster.getPixels(x, y, width, height, (float[]) null);
            int[] samples = new int[values.length];
            for (int i = 0; i < values.length; i++) {
                if (!(values[i] >= 0 && values[i] <= 1)) {
                    throw new IOException("its floating-point samples must be in [0, 1], but one is " + values[i]);
                }
                samples[i] = Math.round(255 * values[i]);
            }
            return samples;
        }
        int[] samples = raster.getPixels(x, y, width, height, (int[]) null);
        for (int band = 0; band < bands; band++) {
            int bits = model.getComponentSize(band);
            if (bits != 8) {
                for (int i = band; i < samples.length; i += bands) {
                    samples[i] = bits > 8 ? samples[i] >>> (bits - 8) : samples[i] * 255 / ((1 << bits) - 1);
                }
            }
        }
        return samples;
    }

    private void colour(int[] samples, int from, int[] rgb, int target) {
        int colours = model.getNumColorComponents();
        int alpha = model.hasAlpha() ? samples[from + bands - 1] : WHITE;
        for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
            int value = switch (colours) {
                case 1 -> samples[from];
                case 4 -> ((WHITE - samples[from + channel]) * (WHITE - samples[from + 3]) + WHITE / 2) / WHITE;
                default -> samples[from + channel];
            };
            rgb[target + channel] = onWhite(value, alpha);
        }
    }

    private static int onWhite(int value, int alpha) {
        return (value * alpha + WHITE * (WHITE - alpha) + WHITE / 2) / WHITE;
    }

    /** All pixels: {@code size().bytes()} unsigned bytes in the order channel, row, column. */
    byte[] planes() throws IOException {
        int area = size.height() * size.width();
        byte[] planes = new byte[size.bytes()];
        int[] row = new int[ImageSize.CHANNELS * size.width()];
        for (int y = 0; y < size.height(); y++) {
            row(y, row);
            int target = y * size.width();
            for (int i = 0; i < row.length; i += ImageSize.CHANNELS) {
                planes[target] = (byte) row[i];
                planes[target + area] = (byte) row[i + 1];
                planes[target + 2 * area] = (byte) row[i + 2];
                target++;
            }
        }
        return planes;
    }
}
