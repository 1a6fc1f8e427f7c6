package dev.racnn.retrieval;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Vectors read from a file: {@code .fvecs} (each vector a 32-bit length and its floats, little-endian) or {@code .npy}
 * (NumPy, two-dimensional, 32-bit floats, little-endian, row-major).
 *
 * @param dimension components of a vector
 * @param values row-major [vectors, dimension]
 */
public record VectorFile(int dimension, float[] values) {
    private static final byte[] NUMPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern NUMPY_SHAPE = Pattern.compile("'shape': \\((\\d+), (\\d+),?\\)");
    private static final int READ_BYTES = 1 << 20;

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
            throw new IOException("%s is damaged: %d bytes are not a whole number of vectors of dimension %d"
                    .formatted(file, channel.size(), dimension));
        }
        channel.position(0);
        int count = Math.toIntExact(channel.size() / vectorBytes);
        float[] values = new float[Math.multiplyExact(count, dimension)];
        int perRead = Math.max(1, (int) (READ_BYTES / vectorBytes));
        for (int row = 0; row < count; row += perRead) {
            int rows = Math.min(perRead, count - row);
            ByteBuffer part = read(channel, (int) (rows * vectorBytes), file);
            for (int i = 0; i < rows; i++) {
                int actual = part.getInt();
                if (actual != dimension) {
                    throw new IOException("%s is damaged: vector %d has dimension %d, the first one %d"
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
        int headerBytes = start.get() == 1
                ? read(channel, Short.BYTES, file).getShort() & 0xFFFF
                : read(channel, Integer.BYTES, file).getInt();
        ByteBuffer headerContent = read(channel, headerBytes, file);
        String header = StandardCharsets.ISO_8859_1.decode(headerContent).toString();
        Matcher shape = NUMPY_SHAPE.matcher(header);
        if (!header.contains("'descr': '<f4'") || !header.contains("'fortran_order': False") || !shape.find()) {
            throw new IOException(
                    "%s must hold a two-dimensional row-major array of little-endian 32-bit floats, but its header is %s"
                            .formatted(file, header.strip()));
        }
        int count = Integer.parseInt(shape.group(1));
        int dimension = Integer.parseInt(shape.group(2));
        float[] values = new float[Math.multiplyExact(count, dimension)];
        for (int at = 0; at < values.length; ) {
            int floats = Math.min(READ_BYTES / Float.BYTES, values.length - at);
            read(channel, floats * Float.BYTES, file).asFloatBuffer().get(values, at, floats);
            at += floats;
        }
        return new VectorFile(dimension, values);
    }

    private static ByteBuffer read(FileChannel channel, int bytes, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("%s is truncated: it ends after %d bytes".formatted(file, channel.size()));
            }
        }
        return buffer.flip();
    }
}
