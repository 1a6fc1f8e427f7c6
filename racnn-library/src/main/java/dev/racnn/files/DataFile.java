package dev.racnn.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * What a file of data holds, as a {@link Manifest} states it.
 *
 * @param name name of the file in its folder
 * @param bytes size
 * @param crc32c CRC32C of the content in hexadecimal
 */
public record DataFile(String name, long bytes, String crc32c) {
    private static final long READ_AT_ONCE = 1L << 30;

    /** A file as it is on the disk now; all of it is read. */
    public static DataFile of(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            for (long from = 0; from < content.byteSize(); from += READ_AT_ONCE) {
                crc.update(content.asSlice(from, Math.min(READ_AT_ONCE, content.byteSize() - from))
                        .asByteBuffer());
            }
            return new DataFile(
                    String.valueOf(file.getFileName()), content.byteSize(), Long.toHexString(crc.getValue()));
        }
    }

    /**
     * Checks that a folder holds the file as it is stated here; all of it is read.
     *
     * @param remedy what to do about a damaged file, the end of the message
     * @throws IOException if the file is missing or a byte of it has changed
     */
    public void verify(Path folder, String remedy) throws IOException {
        Path file = folder.resolve(name);
        DataFile actual;
        try {
            actual = of(file);
        } catch (NoSuchFileException e) {
            throw new IOException("%s is missing; %s".formatted(file, remedy), e);
        }
        if (!actual.equals(this)) {
            throw new IOException("%s is damaged: it must hold %s bytes with CRC32C %s, but holds %s with %s; %s"
                    .formatted(file, bytes, crc32c, actual.bytes, actual.crc32c, remedy));
        }
    }
}
