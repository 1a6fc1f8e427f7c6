package dev.racnn.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Fetches files over HTTP. What has arrived lies beside the target as {@code NAME.part} and is moved into place when it is
 * whole and its checksum is right; a download that was cut off goes on where it stopped, at once or with the next call.
 */
public final class Download implements AutoCloseable {
    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int ATTEMPTS_WITHOUT_PROGRESS = 3;
    private static final long UNKNOWN = -1;

    private final Progress progress;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(30))
            .build();

    /** Told how far a download is. */
    public interface Progress {
        /**
         * Called after every piece that has arrived, often.
         *
         * @param bytes that have arrived, those of earlier calls included
         * @param total length of the file, or -1 if the server does not say
         */
        void arrived(RemoteFile file, long bytes, long total);
    }

    /** @param progress is told how far every download is, on the thread that fetches */
    public Download(Progress progress) {
        this.progress = progress;
    }

    /**
     * Fetches a file into a folder, unless it is there already.
     *
     * @return the file
     * @throws IOException if the server refuses, the transfer breaks off for good, the disk is full, or the checksum is wrong;
     *     the message names the address and what to do
     * @throws InterruptedException if this thread is interrupted; what has arrived is kept
     */
    public Path fetch(RemoteFile file, Path folder) throws IOException, InterruptedException {
        Path target = folder.resolve(file.fileName());
        if (Files.exists(target)) {
            String md5 = md5(target);
            if (!md5.equals(file.md5())) {
                throw new IOException(target + ": the md5 checksum must be " + file.md5() + ", but is " + md5
                        + "; remove the file to download it again");
            }
            return target;
        }
        Files.createDirectories(folder);
        Path part = folder.resolve(file.fileName() + ".part");
        receiveAll(file, part);
        String md5 = md5(part);
        if (!md5.equals(file.md5())) {
            long bytes = Files.size(part);
            Files.delete(part);
            throw new IOException(file.uri() + ": the md5 checksum must be " + file.md5() + ", but that of the " + bytes
                    + " bytes that arrived is " + md5 + "; they were thrown away, try again or from another place");
        }
        return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Asks for the rest until there is none, as long as some of it comes. */
    private void receiveAll(RemoteFile file, Path part) throws IOException, InterruptedException {
        int attempts = 0;
        while (true) {
            long before = Files.exists(part) ? Files.size(part) : 0;
            try {
                receive(file, part, before);
                return;
            } catch (RefusedException e) {
                throw new IOException(e.getMessage(), e);
            } catch (IOException e) {
                long after = Files.exists(part) ? Files.size(part) : 0;
                attempts = after > before ? 0 : attempts + 1;
                if (attempts == ATTEMPTS_WITHOUT_PROGRESS) {
                    throw new IOException(
                            file.uri() + ": the transfer broke off after " + after + " bytes (" + reason(e)
                                    + "); they are kept in " + part + ", the same command goes on from there",
                            e);
                }
            }
        }
    }

    private void receive(RemoteFile file, Path part, long before) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(file.uri()).timeout(Duration.ofMinutes(1));
        if (before > 0) {
            request.header("Range", "bytes=" + before + "-");
        }
        HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case OK -> store(file, body, part, 0, length(response));
                case PARTIAL_CONTENT -> {
                    String range =
                            response.headers().firstValue("Content-Range").orElse("");
                    if (!range.startsWith("bytes " + before + "-")) {
                        throw new RefusedException(file.uri() + ": the server was asked for the bytes from " + before
                                + ", but sends '" + range + "'; remove " + part + " to start from the beginning");
                    }
                    long rest = length(response);
                    store(file, body, part, before, rest == UNKNOWN ? UNKNOWN : before + rest);
                }
                case RANGE_NOT_SATISFIABLE -> {
                    // Nothing is left to come: the checksum tells whether that is because everything has arrived.
                }
                default ->
                    throw new RefusedException(file.uri() + ": the server answers with status " + response.statusCode()
                            + " instead of the file; try again later or from another place");
            }
        }
    }

    private void store(RemoteFile file, InputStream body, Path part, long before, long total) throws IOException {
        long bytes = before;
        // From zero the file is written anew: a server that does not know ranges sends everything again.
        try (OutputStream out =
                before == 0 ? Files.newOutputStream(part) : Files.newOutputStream(part, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                try {
                    out.write(buffer, 0, read);
                } catch (IOException e) {
                    throw new RefusedException(part + ": cannot be written (" + reason(e) + ")");
                }
                bytes += read;
                progress.arrived(file, bytes, total);
            }
        }
    }

    private static long length(HttpResponse<?> response) {
        return response.headers().firstValueAsLong("Content-Length").orElse(UNKNOWN);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static String md5(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("MD5"))) {
            byte[] buffer = new byte[BUFFER_BYTES];
            while (in.read(buffer) >= 0) {
                // Reading is what updates the digest.
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** A failure that trying again at once does not cure. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }
}
