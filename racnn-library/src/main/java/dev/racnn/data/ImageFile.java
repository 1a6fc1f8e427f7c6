package dev.racnn.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads image files of any size: PNG and JPEG, and what else the Java runtime can decode.
 *
 * <p>Grey images are given three equal channels, 16-bit ones lose their lower bits, transparent ones are laid on white.
 * Colour profiles and the orientation noted by cameras are not applied. CMYK is refused.
 */
public final class ImageFile {
    private static final int WHITE = 255;
    private static final String REMEDY = "; replace the file, or convert it to an 8-bit RGB PNG";

    private ImageFile() {}

    /**
     * The image in the file, cut to the proportions of a size about its centre, and brought to that size by averaging.
     *
     * @return {@code size.bytes()} unsigned bytes in the order channel (red, green, blue), row, column
     * @throws IOException if the file cannot be read or is not a whole image; the message names file, reason and remedy
     */
    public static byte[] read(Path file, ImageSize size) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        BufferedImage image;
        try {
            image = decode(bytes);
        } catch (IOException | RuntimeException e) {
            // Decoders meet damaged files with whatever exception comes up.
            throw new IOException(file + ": not an image that can be read (" + e.getMessage() + ")" + REMEDY, e);
        }
        ImageSize original = new ImageSize(image.getHeight(), image.getWidth());
        return AreaResize.resize(planes(image), original, size);
    }

    private static BufferedImage decode(byte[] bytes) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IIOException("its " + bytes.length + " bytes are in no known image format");
            }
            ImageReader reader = readers.next();
            List<String> warnings = new ArrayList<>();
            try {
                reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
                reader.setInput(in, true, true);
                BufferedImage image = reader.read(0);
                // The JPEG decoder fills up a truncated file with grey, and merely warns.
                for (String warning : warnings) {
                    if (warning.contains("Truncated") || warning.contains("premature end")) {
                        throw new IIOException(warning);
                    }
                }
                int colours = image.getColorModel().getNumColorComponents();
                if (colours != 1 && colours != ImageSize.CHANNELS) {
                    throw new IIOException("it has " + colours + " colour components, not 1 or 3");
                }
                return image;
            } finally {
                reader.dispose();
            }
        }
    }

    /**
     * Takes the stored samples apart. {@code BufferedImage.getRGB} would be wrong for grey images, which it takes for linear
     * light and brightens.
     */
    private static byte[] planes(BufferedImage image) {
        int height = image.getHeight();
        int width = image.getWidth();
        int area = height * width;
        byte[] planes = new byte[ImageSize.CHANNELS * area];
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel) {
            int[] row = new int[width];
            for (int y = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++) {
                    int alpha = row[x] >>> 24;
                    for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
                        int value = (row[x] >>> (16 - 8 * channel)) & 0xFF;
                        planes[channel * area + y * width + x] = onWhite(value, alpha);
                    }
                }
            }
            return planes;
        }
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        boolean grey = model.getNumColorComponents() == 1;
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int alpha = model.hasAlpha() ? eightBits(row[x * bands + bands - 1], model, bands - 1) : 255;
                for (int channel = 0; channel < ImageSize.CHANNELS; channel++) {
                    int band = grey ? 0 : channel;
                    int value = eightBits(row[x * bands + band], model, band);
                    planes[channel * area + y * width + x] = onWhite(value, alpha);
                }
            }
        }
        return planes;
    }

    private static int eightBits(int sample, ColorModel model, int band) {
        int bits = model.getComponentSize(band);
        return bits >= 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
    }

    private static byte onWhite(int value, int alpha) {
        return (byte) ((value * alpha + WHITE * (255 - alpha) + 127) / 255);
    }
}
