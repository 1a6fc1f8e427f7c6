package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final int LENGTH = 300_000;

    @TempDir
    Path folder;

    private final byte[] content = new byte[LENGTH];
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> arrived = new ArrayList<>();
    private HttpServer server;

    /** After how many bytes of each answer the server hangs up. */
    private int breakAfter = Integer.MAX_VALUE;

    private boolean knowsRanges = true;

    @BeforeEach
    void start_a_server() throws IOException {
        new Random(1).nextBytes(content);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/data/file.bin", this::answer);
        server.start();
    }

    @AfterEach
    void stop_the_server() {
        server.stop(0);
    }

    @Test
    void a_file_arrives_whole_and_progress_is_told() throws Exception {
        Path file = fetch(md5(content));

        assertThat(file).isEqualTo(folder.resolve("file.bin")).hasBinaryContent(content);
        assertThat(arrived).isSorted().endsWith((long) LENGTH);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void a_file_that_is_there_is_not_fetched_again() throws Exception {
        fetch(md5(content));
        fetch(md5(content));
        assertThat(ranges).hasSize(1);

        Files.write(folder.resolve("file.bin"), new byte[] {1});
        assertThatThrownBy(() -> fetch(md5(content)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("file.bin: the md5 checksum must be")
                .hasMessageContaining("remove the file");
    }

    @Test
    void a_transfer_that_breaks_off_goes_on_where_it_stopped() throws Exception {
        breakAfter = 80_000;

        assertThat(fetch(md5(content))).hasBinaryContent(content);

        // At most 80,000 bytes an answer: at least four of them, each asking for the rest.
        assertThat(ranges).hasSizeGreaterThanOrEqualTo(4).startsWith("none");
        assertThat(ranges.subList(1, ranges.size())).allMatch(range -> range.matches("bytes=\\d+-"));
    }

    @Test
    void what_an_earlier_run_left_is_used() throws Exception {
        Files.write(folder.resolve("file.bin.part"), Arrays.copyOf(content, 123_456));

        assertThat(fetch(md5(content))).hasBinaryContent(content);
        assertThat(ranges).containsExactly("bytes=123456-");
        assertThat(arrived.getFirst()).isGreaterThan(123_456);
    }

    @Test
    void an_earlier_run_that_had_everything_is_completed() throws Exception {
        Files.write(folder.resolve("file.bin.part"), content);

        assertThat(fetch(md5(content))).hasBinaryContent(content);
    }

    @Test
    void a_server_that_ignores_ranges_sends_everything_again() throws Exception {
        knowsRanges = false;
        Files.write(folder.resolve("file.bin.part"), new byte[123_456]);

        assertThat(fetch(md5(content))).hasBinaryContent(content);
    }

    @Test
    void a_wrong_checksum_is_told_and_nothing_is_left() {
        String other = md5(new byte[1]);

        assertThatThrownBy(() -> fetch(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/data/file.bin: the md5 checksum must be " + other)
                .hasMessageContaining("but that of the 300000 bytes that arrived is " + md5(content));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_server_that_gives_up_leaves_what_arrived_for_the_next_run() throws Exception {
        breakAfter = 0;
        Files.write(folder.resolve("file.bin.part"), Arrays.copyOf(content, 1_000));

        assertThatThrownBy(() -> fetch(md5(content)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the transfer broke off after 1000 bytes")
                .hasMessageContaining("the same command goes on from there");

        breakAfter = Integer.MAX_VALUE;
        assertThat(fetch(md5(content))).hasBinaryContent(content);
    }

    @Test
    void a_missing_file_is_told_with_the_status() {
        RemoteFile missing = new RemoteFile(address("/data/other.bin"), md5(content));

        assertThatThrownBy(() -> fetch(missing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/data/other.bin: the server answers with status 404");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void an_unknown_data_set_is_answered_with_the_nearest_known_one() {
        assertThat(OfficialData.named("svhn").files())
                .extracting(RemoteFile::fileName)
                .containsExactly("train_32x32.mat", "test_32x32.mat", "extra_32x32.mat");
        assertThatThrownBy(() -> OfficialData.named("CIFAR-10"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean cifar10?");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(range == null ? "none" : range);
            int start = 0;
            if (range != null && knowsRanges) {
                start = Integer.parseInt(range.replaceAll("\\D", ""));
                if (start >= LENGTH) {
                    exchange.sendResponseHeaders(416, -1);
                    return;
                }
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + start + "-" + (LENGTH - 1) + "/" + LENGTH);
            }
            int length = LENGTH - start;
            exchange.sendResponseHeaders(start > 0 ? 206 : 200, length);
            exchange.getResponseBody().write(content, start, Math.min(length, breakAfter));
        }
    }

    private Path fetch(String md5) throws IOException, InterruptedException {
        return fetch(new RemoteFile(address("/data/file.bin"), md5));
    }

    private Path fetch(RemoteFile file) throws IOException, InterruptedException {
        try (Download download = new Download((_, bytes, _) -> arrived.add(bytes))) {
            return download.fetch(file, folder);
        }
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
