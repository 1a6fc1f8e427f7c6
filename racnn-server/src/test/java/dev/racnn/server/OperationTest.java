package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators and their machines ask. */
class OperationTest {
    @TempDir
    private static Path folder;

    private final RunningServer server = RunningServer.shared();

    @Test
    void a_running_service_lives_and_is_ready() throws Exception {
        for (String path : List.of("/health/live", "/health/ready")) {
            assertThat(server.get(path).statusCode()).isEqualTo(200);
            assertThat(server.get(path).body()).isEqualTo("{\"status\":\"UP\"}");
        }
    }

    @Test
    void metrics_count_what_was_done() throws Exception {
        server.post("/v1/classify", new Multipart().image(TestImages.test(0)));
        String metrics = server.get("/metrics").body();

        assertThat(metrics)
                .contains(
                        "# TYPE http_server_requests_seconds histogram",
                        "http_server_requests_seconds_count{method=\"POST\",status=\"200\",uri=\"/v1/classify\"}",
                        "racnn_queue_images 0.0",
                        "racnn_batch_images_count",
                        "racnn_queue_seconds_count",
                        "racnn_batch_seconds_count",
                        "racnn_retrieval_seconds_count",
                        "racnn_neighbour_distance_count",
                        "racnn_label_agreement_count",
                        "jvm_memory_used_bytes");
        assertThat(value(metrics, "racnn_batch_images_sum")).isPositive();
    }

    @Test
    void browsers_are_told_to_run_nothing_from_elsewhere() throws Exception {
        for (String path : List.of("/health/live", "/v1/nothing", "/openapi.json")) {
            HttpResponse<String> response = server.get(path);
            assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "frame-ancestors 'none'");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(response.headers().firstValue("Server")).isEmpty();
            assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
        }
    }

    @Test
    void a_service_that_ends_finishes_what_it_has_taken() throws Exception {
        RunningServer ending =
                RunningServer.start(TestBundle.in(folder.resolve("ending")), null, RunningServer.SETTINGS);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(ending.later("/v1/classify", new Multipart().image(TestImages.test(i))));
        }
        answers.getFirst().join();
        ending.close();

        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            // Whatever was not taken is told so, or finds nobody.
            if (!answer.isCompletedExceptionally()) {
                assertThat(answer.get().statusCode()).isIn(200, 503);
            }
        }
        assertThatThrownBy(() -> ending.get("/health/live")).isInstanceOf(IOException.class);
    }

    @Test
    void a_port_in_use_is_named() {
        ServerSettings taken = RunningServer.settings(server.address().getPort());
        assertThatThrownBy(() -> RunningServer.start(TestBundle.in(folder.resolve("second")), null, taken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "cannot listen at 127.0.0.1, port " + server.address().getPort())
                .hasMessageContaining("is another one running there?");
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
