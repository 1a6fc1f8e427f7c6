package dev.racnn.files;

import java.util.zip.CRC32C;

/** The CRC32C of a sequence of numbers, eight bytes each: tells contents apart that are not made to deceive. */
public final class Checksum {
    private final CRC32C crc = new CRC32C();

    /** Adds a number. */
    public void add(long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int) (value >>> shift));
        }
    }

    /** Adds numbers, bit by bit. */
    public void add(float[] values) {
        for (float value : values) {
            add(Float.floatToIntBits(value));
        }
    }

    /** Of all numbers added so far, in hexadecimal. */
    @Override
    public String toString() {
        return Long.toHexString(crc.getValue());
    }
}
