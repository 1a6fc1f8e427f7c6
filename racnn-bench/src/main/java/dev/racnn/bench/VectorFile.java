package dev.racnn.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Vectors read from a file: {@code .fvecs} (each vector a 32-bit length and its floats, little-endian) or {@code .npy}
 * (NumPy, two-dimensional, floats of 16, 32 or 64 bits, little-endian, row-major).
 *
 * @param dimension components of a vector
 * @param values row-major [vectors, dimension]
 */
public record VectorFile(int dimension, float[] values) {
    private static final byte[] NUMPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int READ_BYTES = 1 << 20;

    /** What an array can hold. */
    private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

    /** Number of vectors. */
    public int size() {
        return values.length / dimension;
    }

    /**
     * Reads all vectors of a file.
     *
     * @throws IOException if the file cannot be read, is of neither form, or is damaged
     */
    public static VectorFile read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (name.endsWith(".fvecs")) {
                return readFvecs(file, channel);
            }
            if (name.endsWith(".npy")) {
                return readNumpy(file, channel);
            }
        }
        throw new IOException("%s must be a .fvecs or .npy file of vectors".formatted(file));
    }

    private static VectorFile readFvecs(Path file, FileChannel channel) throws IOException {
        int dimension = read(channel, Integer.BYTES, file).getInt();
        long vectorBytes = Integer.BYTES * (1L + dimension);
        if (dimension < 1 || channel.size() % vectorBytes != 0) {
            throw new IOException("%s is damaged: %s bytes are not a whole number of vectors of dimension %s"
                    .formatted(file, channel.size(), dimension));
        }
        channel.position(0);
        requireArray(file, channel.size() / vectorBytes, dimension);
        int count = (int) (channel.size() / vectorBytes);
        float[] values = new float[count * dimension];
        int perRead = Math.max(1, (int) (READ_BYTES / vectorBytes));
        for (int row = 0; row < count; row += perRead) {
            int rows = Math.min(perRead, count - row);
            ByteBuffer part = read(channel, (int) (rows * vectorBytes), file);
            for (int i = 0; i < rows; i++) {
                int actual = part.getInt();
                if (actual != dimension) {
                    throw new IOException("%s is damaged: vector %s has dimension %s, the first one %s"
                            .formatted(file, row + i, actual, dimension));
                }
                part.asFloatBuffer().get(values, (row + i) * dimension, dimension);
                part.position(part.position() + dimension * Float.BYTES);
            }
        }
        return new VectorFile(dimension, values);
    }

    private static VectorFile readNumpy(Path file, FileChannel channel) throws IOException {
        ByteBuffer start = read(channel, NUMPY.length + 2, file);
        for (byte expected : NUMPY) {
            if (start.get() != expected) {
                throw new IOException(file + " is not a NumPy file: it does not begin with \\x93NUMPY");
            }
        }
        long headerBytes = start.get() == 1
                ? Short.toUnsignedLong(read(channel, Short.BYTES, file).getShort())
                : Integer.toUnsignedLong(read(channel, Integer.BYTES, file).getInt());
        if (headerBytes > channel.size()) {
            throw new IOException("%s is damaged: its header must be %s bytes, but the file has only %s"
                    .formatted(file, headerBytes, channel.size()));
        }
        ByteBuffer headerContent = read(channel, (int) headerBytes, file);
        NumpyHeader header = NumpyHeader.parse(
                file, StandardCharsets.ISO_8859_1.decode(headerContent).toString());
        float[] values = new float[header.count() * header.dimension()];
        int perRead = READ_BYTES / header.number().bytes();
        for (int at = 0; at < values.length; ) {
            int numbers = Math.min(perRead, values.length - at);
            ByteBuffer part = read(channel, numbers * header.number().bytes(), file);
            for (int end = at + numbers; at < end; at++) {
                values[at] = header.number().next(part);
            }
        }
        return new VectorFile(header.dimension(), values);
    }

    /** Checks that there are vectors, and that they fit a Java array. */
    static void requireArray(Path file, long count, long dimension) throws IOException {
        if (count < 1 || dimension < 1) {
            throw new IOException("%s must hold at least one vector of at least one number, but its shape is (%s, %s)"
                    .formatted(file, count, dimension));
        }
        if (count > MOST_NUMBERS / dimension) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%s must hold at most %,d numbers to be read into memory, but has %,d vectors of %,d; split it"
                            + " into smaller files",
                    file,
                    MOST_NUMBERS,
                    count,
                    dimension));
        }
    }

    private static ByteBuffer read(FileChannel channel, int bytes, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("%s is truncated: it ends after %s bytes".formatted(file, channel.size()));
            }
        }
        return buffer.flip();
    }
}
