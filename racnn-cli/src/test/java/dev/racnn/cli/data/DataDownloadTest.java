package dev.racnn.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.racnn.cli.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDownloadTest {
    @TempDir
    Path folder;

    private HttpServer server;

    @BeforeEach
    void start_a_server() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/mirror/cifar-10-binary.tar.gz", exchange -> {
            byte[] content = "not CIFAR-10".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop_the_server() {
        server.stop(0);
    }

    @Test
    void a_file_with_another_checksum_is_a_failure_and_leaves_nothing() {
        String mirror = "http://127.0.0.1:" + server.getAddress().getPort() + "/mirror";
        CommandRun run = CommandRun.of("data", "download", "cifar10", "--out", folder.toString(), "--from", mirror);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().toList().getLast())
                .startsWith("racnn: " + mirror + "/cifar-10-binary.tar.gz: the md5 checksum must be c32a1d4ab5d03f")
                .contains("12 bytes");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void an_unknown_name_is_wrong_usage() {
        CommandRun run = CommandRun.of("data", "download", "cifar100");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("NAME must be cifar10 or svhn", "did you mean cifar10?")
                .hasLineCount(1);
    }
}
