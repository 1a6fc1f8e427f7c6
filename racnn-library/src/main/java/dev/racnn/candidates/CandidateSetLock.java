package dev.racnn.candidates;

import dev.racnn.files.AtomicFile;
import dev.racnn.files.FileHold;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/** The right to change a candidate-set folder: held by one writer at a time, released by the system if it dies. */
final class CandidateSetLock implements AutoCloseable {
    private final FileHold file;

    private CandidateSetLock(FileHold file) {
        this.file = file;
    }

    /**
     * Takes the lock of a folder and creates the folder if it is missing.
     *
     * @throws IOException if someone else holds it or the folder cannot be written to
     */
    static CandidateSetLock take(Path set) throws IOException {
        Optional<FileHold> file;
        try {
            AtomicFile.createFolders(set);
            file = FileHold.tryTake(set.resolve("lock"));
        } catch (IOException e) {
            throw new IOException(
                    "candidate set %s cannot be changed: its folder is not writable (%s); allow writing there, or change a copy"
                            .formatted(set, reason(e)),
                    e);
        }
        return new CandidateSetLock(file.orElseThrow(() -> new IOException(
                "candidate set %s is being changed by another process or thread; wait until it is done or stop it"
                        .formatted(set))));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        // Denied access has no reason but its class.
        return reason == null ? "permission denied" : reason;
    }
}
