package dev.racnn.retrieval;

import dev.racnn.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The right to change a candidate-set folder: held by one writer at a time, released by the system if it dies. */
final class CandidateSetLock implements AutoCloseable {
    private final FileChannel channel;

    private CandidateSetLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a folder and creates the folder if it is missing.
     *
     * @throws IOException if someone else holds it or the folder cannot be written to
     */
    static CandidateSetLock take(Path set) throws IOException {
        FileChannel channel;
        try {
            AtomicFile.createFolders(set);
            channel = FileChannel.open(set.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "candidate set %s cannot be changed: its folder is not writable (%s); allow writing there, or change a copy"
                            .formatted(set, reason(e)),
                    e);
        }
        if (tryLock(channel) == null) {
            channel.close();
            throw new IOException(
                    "candidate set %s is being changed by another process or thread; wait until it is done or stop it"
                            .formatted(set));
        }
        return new CandidateSetLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        // Denied access has no reason but its class.
        return reason == null ? "permission denied" : reason;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
