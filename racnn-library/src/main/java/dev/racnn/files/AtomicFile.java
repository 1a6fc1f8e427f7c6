package dev.racnn.files;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Files that are either there whole or not there: written aside, forced to disk, moved into place. Only plain files are replaced. */
public final class AtomicFile {
    private static final int MOST_LINKS = 40;
    private static final AtomicLong WRITTEN = new AtomicLong();

    private AtomicFile() {}

    /**
     * Writes a file; whatever stood there before stays until the new content is complete and on disk. A link stays what it is, and
     * the file that it leads to is written. A device or a pipe is written into.
     *
     * @throws IOException if the disk is full or the folder cannot be written, naming the file; nothing is left behind
     */
    public static void write(Path file, Content content) throws IOException {
        try {
            FileDescriptor open = standardStream(file);
            if (open != null) {
                // Not closed: the process goes on writing there.
                send(content, new FileOutputStream(open));
            } else if (Files.exists(file) && !Files.isRegularFile(file)) {
                requireNoFolder(file);
                try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
                    send(content, out);
                }
            } else {
                replace(behindLinks(file), content);
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
        }
    }

    private static void replace(Path file, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        // Two processes that write the same file do not write into each other's.
        Path aside = file.resolveSibling("%s.%s-%s.part"
                .formatted(file.getFileName(), ProcessHandle.current().pid(), WRITTEN.incrementAndGet()));
        try {
            try (FileChannel channel =
                    FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                send(content, Channels.newOutputStream(channel));
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (folder != null) {
                force(folder);
            }
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void send(Content content, OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        content.writeTo(buffered);
        buffered.flush();
    }

    /** The end of a chain of links, whether there is something or not. */
    private static Path behindLinks(Path file) throws IOException {
        Path end = file;
        for (int links = 0; Files.isSymbolicLink(end); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemException(file.toString(), null, file + " is a link that leads nowhere");
            }
            end = end.resolveSibling(Files.readSymbolicLink(end));
        }
        return end;
    }

    /** What this process writes to under that name already; a file behind it must not be replaced. */
    private static @Nullable FileDescriptor standardStream(Path file) {
        return switch (file.toString()) {
            case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> FileDescriptor.out;
            case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" -> FileDescriptor.err;
            default -> null;
        };
    }

    private static void requireNoFolder(Path file) throws FileSystemException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, file + " must be a file, but is a folder");
        }
    }

    /**
     * Makes sure that a file can be written, before long work whose result it shall hold. Writes nothing, not even its folder.
     *
     * @throws IOException if it is a folder, or its folder cannot be made or written
     */
    public static void requireWritable(Path file) throws IOException {
        requireNoFolder(file);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            requireAccess(file);
            return;
        }
        Path folder = behindLinks(file).toAbsolutePath().getParent();
        while (folder != null && Files.notExists(folder)) {
            folder = folder.getParent();
        }
        if (folder != null) {
            if (!Files.isDirectory(folder)) {
                throw new NotDirectoryException(folder.toString());
            }
            requireAccess(folder);
        }
    }

    private static void requireAccess(Path path) throws AccessDeniedException {
        if (!Files.isWritable(path)) {
            throw new AccessDeniedException(path.toString());
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
