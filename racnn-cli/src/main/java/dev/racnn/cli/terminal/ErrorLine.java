package dev.racnn.cli.terminal;

import dev.racnn.tensor.LibtorchFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.PicocliException;

/** Says in one line what went wrong, for people. */
public final class ErrorLine {
    /** What stands for bytes of a file name that are no character. */
    private static final char UNREADABLE = '\uFFFD';

    private ErrorLine() {}

    public static String of(Throwable thrown) {
        Throwable e = thrown;
        for (Throwable cause = e.getCause(); isWrapper(e) && cause != null; cause = e.getCause()) {
            e = cause;
        }
        // Behind whatever converts words of the command line.
        if (e.getCause() instanceof InvalidPathException path) {
            e = path;
        }
        return describe(e).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static boolean isWrapper(Throwable e) {
        return e instanceof UncheckedIOException || e instanceof ExecutionException || e instanceof CompletionException;
    }

    private static String describe(Throwable e) {
        String message = e.getMessage();
        return switch (e) {
            case FileSystemException file when file.getReason() == null -> file.getFile() + ": " + reason(file);
            case InvalidPathException path ->
                path.getInput() + ": cannot be the name of a file in the character set of this environment, "
                        + System.getProperty("sun.jnu.encoding") + "; start again with LC_ALL=C.UTF-8";
            case OutOfMemoryError _ ->
                "out of memory (" + message + "); use a smaller batch, or raise the limit with JDK_JAVA_OPTIONS=-Xmx6g";
            default -> message != null && isForPeople(e) ? message : unexpected(e, message);
        };
    }

    private static boolean isForPeople(Throwable e) {
        return e instanceof IOException
                || e instanceof IllegalArgumentException
                || e instanceof IllegalStateException
                || e instanceof PicocliException;
    }

    private static String reason(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ ->
                "no such file or folder"
                        + (e.getFile().indexOf(UNREADABLE) < 0
                                ? ""
                                : ", or its name is not written in " + System.getProperty("sun.jnu.encoding")
                                        + "; rename it, or name the folder that it is in");
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "exists already";
            case NotDirectoryException _ -> "not a folder";
            case DirectoryNotEmptyException _ -> "the folder is not empty";
            default -> e.getClass().getSimpleName();
        };
    }

    private static String unexpected(Throwable e, @Nullable String message) {
        // libtorch throws nothing more special than this, and goes on for pages.
        String what = e.getClass() == RuntimeException.class ? LibtorchFault.of((RuntimeException) e) : message;
        return "unexpected " + e.getClass().getSimpleName() + (what == null ? "" : ": " + what)
                + "; run again with --stacktrace to see where";
    }
}
