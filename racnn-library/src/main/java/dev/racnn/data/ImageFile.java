package dev.racnn.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads image files of any size: PNG, JPEG, GIF, BMP and TIFF, and what else the Java runtime can decode; of several pictures in
 * a file, the first.
 *
 * <p>Grey images are given three equal channels, 16-bit ones lose their lower bits, floating-point samples must be in [0, 1],
 * transparent ones are laid on white, inks (CMYK) are turned to light without a colour profile. The orientation that cameras
 * note in EXIF is applied, colour profiles are not.
 */
public final class ImageFile {
    /** Pixels that an image may have: more would not be a photograph, and fill the memory. */
    static final long MOST_PIXELS = 100_000_000;

    private static final String REMEDY = "; replace the file, or convert it to an 8-bit RGB PNG";

    /** How decoders speak of data that are damaged or missing, where they go on and fill the rest with what comes up. */
    private static final Pattern DAMAGE = Pattern.compile(
            "corrupt|truncated|premature|inconsistent progression|unexpected", Pattern.CASE_INSENSITIVE);

    private ImageFile() {}

    /**
     * The image in the file as a model takes it.
     *
     * @return {@code preprocessing.imageSize().bytes()} unsigned bytes in the order channel (red, green, blue), row, column
     * @throws IOException if the file cannot be read, is not a whole image, or is larger than 100 million pixels; the message
     *     names file, reason and remedy
     */
    public static byte[] read(Path file, Preprocessing preprocessing) throws IOException {
        return open(file, reader -> preprocessing.apply(reader.rgb()));
    }

    /**
     * The image in the content of a file as a model takes it.
     *
     * @throws IOException as {@link #read(Path, Preprocessing)}; the message names no file
     */
    public static byte[] decode(byte[] content, Preprocessing preprocessing) throws IOException {
        return open(content, reader -> preprocessing.apply(reader.rgb()));
    }

    /**
     * Height and width of the image in a file, the right way up.
     *
     * @throws IOException as {@link #read}, as far as it shows at the beginning of the file
     */
    static ImageSize size(Path file) throws IOException {
        return open(file, OpenImage::size);
    }

    private interface Use<T> {
        T of(OpenImage image) throws IOException;
    }

    private static <T> T open(Path file, Use<T> use) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": must be an image, but is a folder");
        }
        byte[] content = Files.readAllBytes(file);
        try {
            return open(content, use);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static <T> T open(byte[] bytes, Use<T> use) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IIOException("its " + bytes.length + " bytes are in no known image format");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return use.of(new OpenImage(bytes, reader));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // Decoders meet damaged files with whatever exception comes up.
            throw new IOException("not an image that can be read (" + what(e) + ")" + REMEDY, e);
        } catch (OutOfMemoryError e) {
            throw new IOException(
                    "the image does not fit into memory; scale it down, or raise the limit with"
                            + " JDK_JAVA_OPTIONS=-Xmx6g",
                    e);
        }
    }

    private static String what(Exception e) {
        String message = e.getMessage();
        return message != null ? message : e instanceof EOFException ? "it ends too early" : "it is damaged";
    }

    /** A file whose header was understood. */
    private record OpenImage(byte[] bytes, ImageReader reader) {
        ImageSize size() throws IOException {
            return Orientation.of(bytes).upright(new ImageSize(reader.getHeight(0), reader.getWidth(0)));
        }

        RgbImage rgb() throws IOException {
            ImageSize size = new ImageSize(reader.getHeight(0), reader.getWidth(0));
            long pixels = (long) size.height() * size.width();
            if (pixels > MOST_PIXELS) {
                throw new IOException(
                        "it has %s = %s pixels, but at most %s are decoded".formatted(size, pixels, MOST_PIXELS));
            }
            if (PngChunks.isPng(bytes)) {
                PngChunks.requireWhole(bytes);
            }
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
            BufferedImage image = reader.read(0);
            for (String warning : warnings) {
                if (DAMAGE.matcher(warning).find()) {
                    throw new IIOException(warning);
                }
            }
            requireKnownColours(image);
            return new RgbImage(image, Orientation.of(bytes));
        }

        /** Four components without a marker may be inks, or red, green, blue and opacity, as Java has written them. */
        private void requireKnownColours(BufferedImage image) throws IOException {
            ByteBuffer file = ByteBuffer.wrap(bytes);
            if (image.getRaster().getNumBands() == 4
                    && JpegSegments.isJpeg(file)
                    && JpegSegments.find(file, JpegSegments.APP14, "Adobe") == null) {
                throw new IIOException("it has 4 colour components, and does not say that they are inks");
            }
        }
    }
}
