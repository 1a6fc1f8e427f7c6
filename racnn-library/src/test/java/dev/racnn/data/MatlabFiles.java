package dev.racnn.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;

/** Writes MATLAB files of version 5, following MathWorks' description of the format. */
public final class MatlabFiles {
    public static final int MX_DOUBLE = 6;
    public static final int MX_UINT8 = 9;
    public static final int MI_UINT8 = 2;
    public static final int MI_DOUBLE = 9;

    private final ByteOrder order;
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    public MatlabFiles(ByteOrder order) {
        this.order = order;
        byte[] header = new byte[128];
        byte[] text = "MATLAB 5.0 MAT-file, Platform: GLNXA64".getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(header, 0, 116, (byte) ' ');
        System.arraycopy(text, 0, header, 0, text.length);
        // Written as one number: the bytes come out as "IM" where the low byte is first.
        ByteBuffer.wrap(header).order(order).putShort(124, (short) 0x0100).putShort(126, (short) 0x4D49);
        file.writeBytes(header);
    }

    public MatlabFiles add(String name, int arrayClass, int[] dimensions, int type, byte[] values, boolean compressed)
            throws IOException {
        ByteBuffer flags =
                ByteBuffer.allocate(8).order(order).putInt(arrayClass).putInt(0);
        ByteBuffer sizes = ByteBuffer.allocate(4 * dimensions.length).order(order);
        for (int dimension : dimensions) {
            sizes.putInt(dimension);
        }
        ByteArrayOutputStream matrix = new ByteArrayOutputStream();
        matrix.writeBytes(element(6, flags.array()));
        matrix.writeBytes(element(5, sizes.array()));
        matrix.writeBytes(element(1, name.getBytes(StandardCharsets.US_ASCII)));
        matrix.writeBytes(element(type, values));
        byte[] element = element(14, matrix.toByteArray());
        if (compressed) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflate = new DeflaterOutputStream(packed)) {
                deflate.write(element);
            }
            // Compressed elements are not padded.
            file.writeBytes(tag(15, packed.size()));
            file.writeBytes(packed.toByteArray());
        } else {
            file.writeBytes(element);
        }
        return this;
    }

    public byte[] bytes() {
        return file.toByteArray();
    }

    /** A data element; up to four bytes share the eight bytes of the tag, as MATLAB writes them. */
    private byte[] element(int type, byte[] content) {
        if (content.length <= 4) {
            return ByteBuffer.allocate(8)
                    .order(order)
                    .putInt(content.length << 16 | type)
                    .put(content)
                    .array();
        }
        int padded = (content.length + 7) / 8 * 8;
        return ByteBuffer.allocate(8 + padded)
                .put(tag(type, content.length))
                .put(content)
                .array();
    }

    private byte[] tag(int type, int length) {
        return ByteBuffer.allocate(8).order(order).putInt(type).putInt(length).array();
    }
}
