package dev.racnn.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A {@link DataFile} while it is written: little-endian numbers, a buffer of 1 MiB, a running checksum. */
public final class ColumnWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private long written;

    /** Starts an empty file, replacing what is there. */
    public ColumnWriter(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /**
     * Continues a file after its first {@code state.bytes()} bytes and drops the rest.
     *
     * @throws IOException if those bytes are not all there or have another checksum
     */
    public ColumnWriter(Path file, DataFile state) throws IOException {
        this.file = file;
        this.channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.truncate(state.bytes());
        while (written < state.bytes() && channel.read(buffer) >= 0) {
            buffer.flip();
            written += buffer.remaining();
            crc.update(buffer);
            buffer.clear();
        }
        if (!state().equals(state)) {
            close();
            throw new IOException("%s must hold %s bytes with CRC32C %s to be continued, but holds %s with %s"
                    .formatted(file, state.bytes(), state.crc32c(), written, Long.toHexString(crc.getValue())));
        }
    }

    /** Appends a number. */
    public void putInt(int value) throws IOException {
        makeRoom(Integer.BYTES);
        buffer.putInt(value);
    }

    /** Appends a number. */
    public void putLong(long value) throws IOException {
        makeRoom(Long.BYTES);
        buffer.putLong(value);
    }

    /** Appends numbers. */
    public void putFloats(float[] values) throws IOException {
        for (int from = 0; from < values.length; ) {
            makeRoom(Float.BYTES);
            int count = Math.min(values.length - from, buffer.remaining() / Float.BYTES);
            buffer.asFloatBuffer().put(values, from, count);
            buffer.position(buffer.position() + count * Float.BYTES);
            from += count;
        }
    }

    /** Appends bytes. */
    public void putBytes(byte[] values) throws IOException {
        for (int from = 0; from < values.length; ) {
            makeRoom(1);
            int count = Math.min(values.length - from, buffer.remaining());
            buffer.put(values, from, count);
            from += count;
        }
    }

    /** Writes everything out and forces it to the disk. */
    public DataFile force() throws IOException {
        flush();
        channel.force(true);
        return state();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private DataFile state() {
        return new DataFile(String.valueOf(file.getFileName()), written, Long.toHexString(crc.getValue()));
    }

    private void makeRoom(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        crc.update(buffer.duplicate());
        try {
            while (buffer.hasRemaining()) {
                written += channel.write(buffer);
            }
        } catch (IOException e) {
            throw new IOException(
                    "%s could not be written (%s)%s"
                            .formatted(
                                    file,
                                    e.getMessage(),
                                    AtomicFile.isDiskFull(e) ? "; make room and build again" : ""),
                    e);
        }
        buffer.clear();
    }
}
