package dev.racnn.candidates;

import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The append-only file of the changes made to one generation of a candidate set. A record is on the disk when
 * {@link #append} returns.
 *
 * <p>The file starts with a header of {@value #HEADER_BYTES} bytes: a magic number, the version, the generation, and
 * the checksum of these. A record is a magic number, the length of its content, its sequence number and the checksum of
 * these three, then the content and the checksum of the content, all big-endian. Only the last record can be unfinished
 * after a crash, because the next one is not begun before it is on the disk; an unfinished record ends before its
 * length is reached, or in zeros from the beginning of a sector to the end of the file, which the system had made longer
 * but not yet filled. Everything else that does not match its checksum is damage, and is reported, not dropped.
 */
final class ChangeLog implements AutoCloseable {
    static final int HEADER_BYTES = 24;

    private static final int MAX_CONTENT_BYTES = 1 << 28;
    private static final String NAME = "changes.log";
    private static final int FILE_MAGIC = 0x5243_4C47;
    private static final int VERSION = 1;
    private static final int RECORD_MAGIC = 0x5243_4348;
    private static final int RECORD_HEADER_BYTES = 20;

    /** What a disk writes whole or not at all. */
    private static final int SECTOR_BYTES = 512;

    private final Path path;
    private final RandomAccessFile file;
    private Position end;
    private boolean failed;

    private ChangeLog(Path path, RandomAccessFile file, Position end) {
        this.path = path;
        this.file = file;
        this.end = end;
    }

    /** A place between two records: the sequence number of the record before it, and its offset in the file. */
    record Position(long sequence, long offset) {
        /** Before the first record. */
        static final Position START = new Position(0, HEADER_BYTES);
    }

    /** Takes the records of a log one by one; returns false to stop after this one. */
    @FunctionalInterface
    interface Reader {
        boolean record(long sequence, byte[] content) throws IOException;
    }

    /** Whether a generation has no changes: its log is missing or has no record. */
    static boolean isEmpty(Path generationFolder) throws IOException {
        Path path = generationFolder.resolve(NAME);
        return !Files.exists(path) || Files.size(path) <= HEADER_BYTES;
    }

    /**
     * Opens the log of a generation for appending; starts it if it is missing, and cuts off a record that a crash left
     * unfinished.
     *
     * @throws IOException if the log is damaged, belongs to another generation or cannot be written to
     */
    static ChangeLog open(Path generationFolder, long generation) throws IOException {
        Path path = generationFolder.resolve(NAME);
        Position end = read(generationFolder, generation, Position.START, (_, _) -> true);
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            if (file.length() < HEADER_BYTES) {
                file.setLength(0);
                file.write(header(generation));
            }
            file.setLength(end.offset());
            file.getFD().sync();
            AtomicFile.force(generationFolder);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return new ChangeLog(path, file, end);
    }

    /** Starts the log of a generation anew, dropping what an interrupted compaction may have left. */
    static ChangeLog create(Path generationFolder, long generation) throws IOException {
        Files.deleteIfExists(generationFolder.resolve(NAME));
        return open(generationFolder, generation);
    }

    /**
     * Reads the finished records of a generation's log after a position.
     *
     * @return the position after the last record that was handed over
     * @throws IOException if the log is damaged or belongs to another generation
     */
    static Position read(Path generationFolder, long generation, Position from, Reader reader) throws IOException {
        Path path = generationFolder.resolve(NAME);
        if (!Files.exists(path) || Files.size(path) < HEADER_BYTES) {
            return Position.START;
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            byte[] header = new byte[HEADER_BYTES];
            file.readFully(header);
            if (ByteBuffer.wrap(header).compareTo(ByteBuffer.wrap(header(generation))) != 0) {
                throw new IOException(
                        "%s does not start like the change log, version %s, of generation %s; it is damaged or of another set: restore it from a copy"
                                .formatted(path, VERSION, generation));
            }
            Position position = from;
            boolean wanted = true;
            while (wanted) {
                byte[] content = readRecord(path, file, position);
                if (content == null) {
                    return position;
                }
                position = new Position(
                        position.sequence() + 1,
                        position.offset() + RECORD_HEADER_BYTES + content.length + Integer.BYTES);
                wanted = reader.record(position.sequence(), content);
            }
            return position;
        }
    }

    /** Appends a record and forces it to the disk. If that fails, the log is as it was before. */
    void append(byte[] content) throws IOException {
        appendAll(List.of(content));
    }

    /** Appends records and forces them to the disk together, into a log that is not in use yet. */
    void appendAll(List<byte[]> contents) throws IOException {
        if (failed) {
            throw new IOException(
                    path + " could not be written to before; nothing was changed since: open the candidate set again");
        }
        try {
            file.seek(end.offset());
            long sequence = end.sequence();
            for (byte[] content : contents) {
                checkSize(content);
                file.write(record(++sequence, content));
            }
            file.getFD().sync();
            end = new Position(sequence, file.getFilePointer());
        } catch (IOException e) {
            cutOffFailedRecord();
            throw new IOException(
                    "the change could not be stored in %s (%s); the candidate set is unchanged%s"
                            .formatted(path, e.getMessage(), AtomicFile.isDiskFull(e) ? ": make room" : ""),
                    e);
        }
    }

    /** Takes no more records. */
    void refuse() {
        failed = true;
    }

    /** Where the next record will begin. */
    Position end() {
        return end;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void cutOffFailedRecord() {
        try {
            file.setLength(end.offset());
            file.getFD().sync();
        } catch (IOException e) {
            // What the file holds is unknown now; reading it anew will tell.
            failed = true;
        }
    }

    private static void checkSize(byte[] content) {
        if (content.length > MAX_CONTENT_BYTES) {
            throw new IllegalArgumentException(
                    "changes made at once must not exceed %s bytes, but have %s; make them in smaller parts"
                            .formatted(MAX_CONTENT_BYTES, content.length));
        }
    }

    private static byte[] header(long generation) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putInt(FILE_MAGIC).putInt(VERSION).putLong(generation);
        header.putLong(crc(header.array(), 0, header.position()));
        return header.array();
    }

    private static byte[] record(long sequence, byte[] content) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_HEADER_BYTES + content.length + Integer.BYTES);
        record.putInt(RECORD_MAGIC).putInt(content.length).putLong(sequence);
        record.putInt((int) crc(record.array(), 0, record.position()));
        record.put(content).putInt((int) crc(content, 0, content.length));
        return record.array();
    }

    /** The content of the record at a position, or null if there is none or only the beginning of one. */
    private static byte @Nullable [] readRecord(Path path, RandomAccessFile file, Position position)
            throws IOException {
        long remaining = file.length() - position.offset();
        if (remaining < RECORD_HEADER_BYTES) {
            return null;
        }
        byte[] start = new byte[RECORD_HEADER_BYTES];
        file.seek(position.offset());
        file.readFully(start);
        ByteBuffer header = ByteBuffer.wrap(start);
        int magic = header.getInt();
        int contentBytes = header.getInt();
        long sequence = header.getLong();
        int headerCrc = header.getInt();
        boolean sound = magic == RECORD_MAGIC
                && sequence == position.sequence() + 1
                && headerCrc == (int) crc(start, 0, RECORD_HEADER_BYTES - Integer.BYTES);
        if (!sound) {
            return nothingOrDamage(path, file, position, RECORD_HEADER_BYTES);
        }
        int bytes = RECORD_HEADER_BYTES + contentBytes + Integer.BYTES;
        if (remaining < bytes) {
            return null;
        }
        byte[] content = new byte[contentBytes];
        file.readFully(content);
        return file.readInt() == (int) crc(content, 0, contentBytes)
                ? content
                : nothingOrDamage(path, file, position, bytes);
    }

    /** Null if the system had not filled the bytes at a position to the end of the file. */
    private static byte @Nullable [] nothingOrDamage(Path path, RandomAccessFile file, Position position, int bytes)
            throws IOException {
        long filled = filledBytes(file, position.offset());
        if (filled == position.offset()
                || Math.ceilDiv(filled, SECTOR_BYTES) * SECTOR_BYTES < position.offset() + bytes) {
            return null;
        }
        throw damaged(path, position);
    }

    /** Where the zeros begin that a file ends in, from an offset on. */
    private static long filledBytes(RandomAccessFile file, long from) throws IOException {
        byte[] sector = new byte[SECTOR_BYTES];
        for (long end = file.length(); end > from; ) {
            long start = Math.max(from, (end - 1) / SECTOR_BYTES * SECTOR_BYTES);
            file.seek(start);
            file.readFully(sector, 0, (int) (end - start));
            for (; end > start; end--) {
                if (sector[(int) (end - 1 - start)] != 0) {
                    return end;
                }
            }
        }
        return from;
    }

    private static IOException damaged(Path path, Position position) {
        return new IOException(
                "%s is damaged: record %s at byte %s does not match its checksum; restore the file from a copy"
                        .formatted(path, position.sequence() + 1, position.offset()));
    }

    private static long crc(byte[] bytes, int offset, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, count);
        return crc.getValue();
    }
}
