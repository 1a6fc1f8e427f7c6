package dev.racnn.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads numeric arrays from a MATLAB file of version 5 (MathWorks, "MAT-File Level 5 File Format"), one after the other,
 * whether compressed or not. Values are handed over as a stream, so that only the caller decides what is kept.
 */
final class MatFile implements Closeable {
    /** The number type of bytes from 0 to 255. */
    static final int UINT8 = 2;

    private static final int INT8 = 1;
    private static final int INT16 = 3;
    private static final int UINT16 = 4;
    private static final int INT32 = 5;
    private static final int UINT32 = 6;
    private static final int SINGLE = 7;
    private static final int DOUBLE = 9;
    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int HEADER_BYTES = 128;
    private static final int MARK = 126;
    private static final int TAG_BYTES = 8;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path path;
    private final DataInputStream file;
    private final ByteOrder order;
    private @Nullable InputStream unread;

    /**
     * A numeric array; its values must be read before the next array is asked for.
     *
     * @param name of the variable
     * @param dimensions sizes; values come in column-major order, the first index runs fastest
     * @param type how the values are stored, such as {@link #UINT8}, which may be narrower than what MATLAB shows
     * @param values the stored values
     */
    record Array(String name, int[] dimensions, int type, DataInputStream values) {}

    private record Tag(int type, int bytes, byte @Nullable [] small) {}

    MatFile(Path path) throws IOException {
        this.path = path;
        file = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES));
        try {
            byte[] header = file.readNBytes(HEADER_BYTES);
            order = order(header);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private ByteOrder order(byte[] header) throws IOException {
        String text = new String(header, StandardCharsets.US_ASCII);
        if (text.startsWith("MATLAB 7.3")) {
            throw failure(
                    "it is a MATLAB file of version 7.3, but must be one of version 5; save it in MATLAB with -v7");
        }
        String mark = header.length < HEADER_BYTES ? "" : text.substring(MARK, HEADER_BYTES);
        return switch (mark) {
            case "IM" -> ByteOrder.LITTLE_ENDIAN;
            case "MI" -> ByteOrder.BIG_ENDIAN;
            default -> throw failure("it is not a MATLAB file of version 5");
        };
    }

    /** The next array of the file, or null after the last one. */
    @Nullable
    Array next() throws IOException {
        try {
            if (unread != null) {
                // To its end, where compressed data have their checksum.
                unread.transferTo(OutputStream.nullOutputStream());
                unread.close();
                unread = null;
            }
            file.mark(1);
            if (file.read() < 0) {
                return null;
            }
            file.reset();
            Tag tag = tag(file);
            Window window = new Window(file, Integer.toUnsignedLong(tag.bytes));
            if (tag.type != COMPRESSED) {
                unread = window;
                return array(tag, new DataInputStream(window));
            }
            DataInputStream inflated =
                    new DataInputStream(new BufferedInputStream(new InflaterInputStream(window), BUFFER_BYTES));
            unread = inflated;
            return array(tag(inflated), inflated);
        } catch (EOFException | ZipException e) {
            throw broken(e);
        }
    }

    /** What to report when reading the values of an array fails, because the file ends or its data are damaged. */
    IOException broken(IOException cause) throws IOException {
        IOException failure = failure("it breaks off or is damaged inside");
        failure.initCause(cause);
        return failure;
    }

    IOException failure(String reason) throws IOException {
        return new IOException(path + ": " + reason + ", its size is " + Files.size(path) + " bytes");
    }

    private Array array(Tag matrix, DataInputStream in) throws IOException {
        if (matrix.type != MATRIX) {
            throw failure("it holds an element of type " + matrix.type + ", which is not an array");
        }
        content(in); // Flags and class of the array: the stored types say all that is needed.
        ByteBuffer sizes = content(in);
        int[] dimensions = new int[sizes.remaining() / Integer.BYTES];
        sizes.asIntBuffer().get(dimensions);
        String name = StandardCharsets.US_ASCII.decode(content(in)).toString();
        Tag values = tag(in);
        byte[] small = values.small;
        DataInputStream stream = small == null ? in : new DataInputStream(new ByteArrayInputStream(small));
        return new Array(name, dimensions, values.type, stream);
    }

    /** A short element of an array, read whole with its padding. */
    private ByteBuffer content(DataInputStream in) throws IOException {
        Tag tag = tag(in);
        byte[] bytes = tag.small;
        if (bytes == null) {
            if (tag.bytes < 0 || tag.bytes > BUFFER_BYTES) {
                throw failure("it has a description of " + tag.bytes + " bytes, which is not one of a numeric array");
            }
            bytes = new byte[tag.bytes];
            in.readFully(bytes);
            in.skipNBytes(Math.floorMod(-tag.bytes, TAG_BYTES));
        }
        return ByteBuffer.wrap(bytes).order(order);
    }

    /** A type and a length, or, if they are only two bytes each, the content with them. */
    private Tag tag(DataInputStream in) throws IOException {
        byte[] bytes = new byte[TAG_BYTES];
        in.readFully(bytes);
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(order);
        int first = fields.getInt();
        int length = first >>> 16;
        if (length == 0) {
            return new Tag(first, fields.getInt(), null);
        }
        if (length > Integer.BYTES) {
            throw failure("it has a short element of " + length + " bytes, at most 4 are possible");
        }
        byte[] small = new byte[length];
        fields.get(small);
        return new Tag(first & 0xFFFF, length, small);
    }

    /** Reads stored values of any type, which must be whole numbers. */
    int[] integers(Array array, int count) throws IOException {
        int[] result = new int[count];
        byte[] bytes = new byte[Double.BYTES];
        ByteBuffer value = ByteBuffer.wrap(bytes).order(order);
        for (int i = 0; i < count; i++) {
            array.values.readFully(bytes, 0, width(array));
            double number = switch (array.type) {
                case INT8 -> value.get(0);
                case UINT8 -> value.get(0) & 0xFF;
                case INT16 -> value.getShort(0);
                case UINT16 -> value.getChar(0);
                case INT32, UINT32 -> value.getInt(0);
                case SINGLE -> value.getFloat(0);
                default -> value.getDouble(0);
            };
            result[i] = (int) number;
            if (result[i] != number) {
                throw failure("value " + i + " of " + array.name + " must be a whole number, but is " + number);
            }
        }
        return result;
    }

    private int width(Array array) throws IOException {
        return switch (array.type) {
            case INT8, UINT8 -> Byte.BYTES;
            case INT16, UINT16 -> Short.BYTES;
            case INT32, UINT32, SINGLE -> Integer.BYTES;
            case DOUBLE -> Double.BYTES;
            default -> throw failure("the values of " + array.name + " have the unknown type " + array.type);
        };
    }

    @Override
    public void close() throws IOException {
        if (unread != null) {
            unread.close();
        }
        file.close();
    }
}
