package dev.racnn.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the header of a NumPy file says of its array.
 *
 * @param count rows
 * @param dimension columns
 */
record NumpyHeader(NumberForm number, int count, int dimension) {
    private static final Pattern SHAPE = Pattern.compile("'shape': \\((\\d{1,18}), (\\d{1,18}),?\\)");

    /** A form that numbers are stored in, little-endian. */
    enum NumberForm {
        HALF("<f2", Short.BYTES),
        SINGLE("<f4", Float.BYTES),
        DOUBLE("<f8", Double.BYTES);

        private final String code;
        private final int bytes;

        NumberForm(String code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }

        float next(ByteBuffer numbers) {
            return switch (this) {
                case HALF -> Float.float16ToFloat(numbers.getShort());
                case SINGLE -> numbers.getFloat();
                case DOUBLE -> (float) numbers.getDouble();
            };
        }
    }

    /** @throws IOException if the array is not one of vectors, or has more numbers than fit a Java array */
    static NumpyHeader parse(Path file, String header) throws IOException {
        Matcher shape = SHAPE.matcher(header);
        if (!header.contains("'fortran_order': False") || !shape.find()) {
            throw refused(file, header);
        }
        for (NumberForm number : NumberForm.values()) {
            if (header.contains("'descr': '" + number.code + "'")) {
                long count = Long.parseLong(shape.group(1));
                long dimension = Long.parseLong(shape.group(2));
                VectorFile.requireArray(file, count, dimension);
                return new NumpyHeader(number, (int) count, (int) dimension);
            }
        }
        throw refused(file, header);
    }

    private static IOException refused(Path file, String header) {
        return new IOException(
                "%s must hold a two-dimensional row-major array of little-endian floats (<f2, <f4 or <f8), but its header is %s; write it with numpy.save(FILE, numpy.ascontiguousarray(X, '<f4'))"
                        .formatted(file, header.strip()));
    }
}
