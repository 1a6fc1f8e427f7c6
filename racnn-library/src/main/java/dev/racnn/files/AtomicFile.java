package dev.racnn.files;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are either there whole or not there: written aside, forced to disk, moved into place. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Writes a file; whatever stood there before stays until the new content is complete and on disk.
     *
     * @throws IOException if the disk is full or the folder cannot be written, naming the file; nothing is left behind
     */
    public static void write(Path file, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                            aside,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (folder != null) {
                force(folder);
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            FileSystemException named = new FileSystemException(
                    file.toString(),
                    null,
                    "could not be written (%s); make room and run the same command again".formatted(e.getMessage()));
            named.initCause(e);
            throw named;
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /**
     * Makes sure that a file can be written, before long work whose result it shall hold. Makes its folder.
     *
     * @throws IOException if it is a folder, or its folder cannot be made or written
     */
    public static void requireWritable(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, file + " must be a file, but is a folder");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
            if (!Files.isWritable(folder)) {
                throw new AccessDeniedException(folder.toString());
            }
        }
    }

    /** Writes a text file in UTF-8. */
    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /**
     * Makes a folder and those above it that are missing, and forces their entries to the disk.
     *
     * @throws IOException if one of them cannot be made
     */
    public static void createFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            createFolders(parent);
        }
        Files.createDirectories(folder);
        if (parent != null) {
            force(parent);
        }
    }

    /** Whether something could not be written because there was no room for it. */
    public static boolean isDiskFull(Throwable failure) {
        // Java has no type for it; these are the words of Linux and macOS, of quotas, and of Windows.
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        return message.contains("No space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space")
                || (failure.getCause() != null && isDiskFull(failure.getCause()));
    }

    /**
     * Forces a file that is complete, or the entries of a folder, to the disk.
     *
     * @throws IOException if it is not there or cannot be written
     */
    public static void force(Path path) throws IOException {
        if (File.separatorChar == '\\' && Files.isDirectory(path)) {
            // Windows opens no folder, and writes its entries without being asked.
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What goes into the file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}
