package dev.racnn.server.audit;

import dev.racnn.files.AtomicFile;
import dev.racnn.server.audit.AuditEntry.State;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The append-only file of changes to a candidate set, a JSON object a line. No change is made before it is on the disk here
 * that it begins, and none is acknowledged before it is on the disk that it is done.
 */
public final class AuditLog implements AutoCloseable {
    /** Name of the file in a bundle. */
    public static final String FILE = "candidate-audit.jsonl";

    private static final int REMEMBERED = 1000;

    /** How much of the end of the file is read at the start, in bytes: notes of any length, as many as are remembered. */
    private static final int READ = 8 << 20;

    private final Path path;
    private final RandomAccessFile file;
    private final InstantSource clock;
    private final Deque<AuditEntry> latest = new ArrayDeque<>();
    private long sequence;

    private AuditLog(Path path, RandomAccessFile file, InstantSource clock) {
        this.path = path;
        this.file = file;
        this.clock = clock;
    }

    /** A change, which returns the candidates that it is about. */
    @FunctionalInterface
    public interface Change {
        List<Long> make() throws IOException;
    }

    /**
     * Opens the log of a bundle, or begins it. A line that a crash cut off is dropped: what it announced was not begun.
     *
     * @throws IOException if it cannot be read or written, or a line is damaged
     */
    public static AuditLog open(Path bundle, InstantSource clock) throws IOException {
        Path path = bundle.resolve(FILE);
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            AuditLog log = new AuditLog(path, file, clock);
            log.read();
            AtomicFile.force(bundle);
            return log;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Makes a change, with a note before and after it. One change is made at a time.
     *
     * @return the candidates
     * @throws IOException if the change or a note of it cannot be stored
     */
    public synchronized List<Long> make(AuditEntry asked, Change change) throws IOException {
        long number = ++sequence;
        append(asked.noted(number, clock.instant(), State.BEGUN, asked.ids()));
        List<Long> ids;
        try {
            ids = change.make();
        } catch (IOException | RuntimeException e) {
            append(asked.noted(number, clock.instant(), State.FAILED, asked.ids()));
            throw e;
        }
        append(asked.noted(number, clock.instant(), State.DONE, ids));
        return ids;
    }

    /** The last notes, the latest first. */
    public synchronized List<AuditEntry> latest(int limit) {
        return latest.stream().limit(limit).toList();
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    private void append(AuditEntry entry) throws IOException {
        file.write((JsonMapper.shared().writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        file.getFD().sync();
        remember(entry);
    }

    private void remember(AuditEntry entry) {
        latest.addFirst(entry);
        if (latest.size() > REMEMBERED) {
            latest.removeLast();
        }
    }

    private void read() throws IOException {
        long start = Math.max(0, file.length() - READ);
        byte[] content = new byte[(int) (file.length() - start)];
        file.seek(start);
        file.readFully(content);
        int end = content.length;
        while (end > 0 && content[end - 1] != '\n') {
            end--;
        }
        file.setLength(start + end);
        file.seek(start + end);
        int begin = 0;
        for (boolean amidNote = start > 0; amidNote && begin < end; begin++) {
            amidNote = content[begin] != '\n';
        }
        for (String line : new String(content, begin, end - begin, StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            try {
                AuditEntry entry = JsonMapper.shared().readValue(line, AuditEntry.class);
                sequence = entry.sequence();
                remember(entry);
            } catch (JacksonException e) {
                throw new IOException(
                        "%s is damaged at the line after number %s (%s); restore it from a copy, or move it away to begin anew"
                                .formatted(path, sequence, e.getOriginalMessage()),
                        e);
            }
        }
    }
}
