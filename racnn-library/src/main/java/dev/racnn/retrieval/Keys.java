package dev.racnn.retrieval;

import dev.racnn.files.Checksum;
import java.io.IOException;

/**
 * The keys phi'(x') of a set of candidates, addressed by row. Rows are dense, from 0; ids are unique and not negative.
 */
public interface Keys {
    /** Number of rows. */
    int size();

    /** Number of components of every key. */
    int dimension();

    /** The candidate id of a row. */
    long id(int row);

    /**
     * Copies the key of a row.
     *
     * @param target at least {@code offset + dimension()} long
     */
    void copyKey(int row, float[] target, int offset);

    /**
     * What tells these keys from others, for whatever is stored apart from them: CRC32C over the shape, all ids and up to
     * 1,000 evenly spaced keys, in hexadecimal.
     */
    default String fingerprint() {
        Checksum checksum = new Checksum();
        checksum.add(size());
        checksum.add(dimension());
        for (int row = 0; row < size(); row++) {
            checksum.add(id(row));
        }
        float[] key = new float[dimension()];
        int step = Math.ceilDiv(size(), 1000);
        for (int row = 0; row < size(); row += step) {
            copyKey(row, key, 0);
            checksum.add(key);
        }
        return checksum.toString();
    }

    /**
     * Checks the keys against a checksum, if one is known.
     *
     * @throws IOException if they have changed since it was noted
     */
    default void verify() throws IOException {}
}
