package dev.racnn.report;

import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes arrays that {@code numpy.load} reads: format version 1.0, float32, little-endian, row-major order.
 *
 * <p>Layout: the magic string, the version, the length of the header, the header (a Python dictionary, padded with blanks so
 * that the numbers begin at a multiple of 64), the numbers.
 */
public final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;

    private NpyFile() {}

    /**
     * Writes equally long rows as one array of shape [rows, ...].
     *
     * @param rows numbers of each row
     * @param rowShape shape of a row, whose product is the length of every row
     * @throws IOException if the file cannot be written; nothing is left behind then
     */
    public static void write(Path file, float[][] rows, int... rowShape) throws IOException {
        int length = Arrays.stream(rowShape).reduce(1, Math::multiplyExact);
        for (float[] row : rows) {
            if (row.length != length) {
                throw new IllegalArgumentException("a row of shape %s must have %s numbers, but has %s"
                        .formatted(Arrays.toString(rowShape), length, row.length));
            }
        }
        AtomicFile.write(file, out -> {
            out.write(header(rows.length, rowShape));
            for (float[] row : rows) {
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(row);
                out.write(bytes.array());
            }
        });
    }

    private static byte[] header(int rows, int[] rowShape) {
        String shape = Arrays.stream(rowShape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s, %s), }".formatted(rows, shape);
        int fixed = MAGIC.length + Short.BYTES;
        int padded = Math.ceilDiv(fixed + text.length() + 1, ALIGNMENT) * ALIGNMENT;
        int blanks = padded - fixed - text.length() - 1;
        byte[] dictionary = (text + " ".repeat(blanks) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putShort((short) dictionary.length)
                .put(dictionary)
                .array();
    }
}
