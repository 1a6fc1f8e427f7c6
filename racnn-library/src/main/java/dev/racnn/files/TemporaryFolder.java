package dev.racnn.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder that goes when it is closed. If the process is killed before, the next one to make such a folder deletes it:
 * nobody holds the lock beside it any more.
 */
public final class TemporaryFolder implements AutoCloseable {
    private static final String LOCK = ".lock";

    private final Path path;
    private final Path lockFile;
    private final FileHold lock;

    private TemporaryFolder(Path path, Path lockFile, FileHold lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes a folder among the temporary files.
     *
     * @param home where it is made
     * @param prefix what its name begins with; what others with this prefix left behind is deleted
     */
    public static TemporaryFolder create(Path home, String prefix) throws IOException {
        sweep(home, prefix);
        // The lock first: whoever sweeps goes by it, and must not find it free while the folder is made.
        Path lockFile = Files.createTempFile(home, prefix, LOCK);
        FileHold lock = FileHold.tryTake(lockFile)
                .orElseThrow(() -> new IOException(lockFile + " was taken by another process; try again"));
        try {
            Path folder = folderOf(lockFile);
            Files.createDirectory(folder);
            return new TemporaryFolder(folder, lockFile, lock);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Folders.delete(path);
        lock.close();
        Files.deleteIfExists(lockFile);
    }

    private static Path folderOf(Path lockFile) {
        String name = String.valueOf(lockFile.getFileName());
        return lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
    }

    private static void sweep(Path home, String prefix) throws IOException {
        try (DirectoryStream<Path> lockFiles = Files.newDirectoryStream(home, prefix + "*" + LOCK)) {
            for (Path lockFile : lockFiles) {
                deleteIfStale(lockFile);
            }
        }
    }

    private static void deleteIfStale(Path lockFile) {
        // A lock without a folder may be one that is being taken.
        if (!Files.isDirectory(folderOf(lockFile))) {
            return;
        }
        try {
            Optional<FileHold> hold = FileHold.tryTake(lockFile);
            if (hold.isPresent()) {
                try (FileHold _ = hold.get()) {
                    Folders.delete(folderOf(lockFile));
                    Files.deleteIfExists(lockFile);
                }
            }
        } catch (IOException e) {
            // Another user's, or gone meanwhile.
        }
    }
}
