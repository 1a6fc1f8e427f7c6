package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of the page, over HTTP. */
class PageTest {
    private static final Pattern NAMED = Pattern.compile("(?:src|href)=\"(app/[^\"]+)\"|from \"\\./([^\"]+)\"");
    private static final int MOST_BYTES = 200_000;

    private final RunningServer server = RunningServer.shared();
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void all_that_the_page_names_is_served_compressed_and_small_together() throws Exception {
        Deque<String> open = new ArrayDeque<>(List.of("/"));
        Set<String> seen = new HashSet<>(open);
        int bytes = 0;
        while (!open.isEmpty()) {
            String path = open.remove();
            HttpResponse<byte[]> packed = client.send(
                    server.request(path).header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
            assertThat(packed.statusCode()).as(path).isEqualTo(200);
            bytes += packed.body().length;
            if (packed.body().length > 2000) {
                assertThat(packed.headers().firstValue("Content-Encoding"))
                        .as(path)
                        .contains("gzip");
            }
            String text = server.get(path).body();
            assertThat(text).as(path).doesNotContain("src=\"http", "href=\"http", "import(\"http", "url(http");
            Matcher named = NAMED.matcher(text);
            while (named.find()) {
                String next = named.group(1) == null ? "/app/" + named.group(2) : "/" + named.group(1);
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        assertThat(seen).contains("/app/app.js", "/app/lit-html.js", "/app/style.css", "/app/candidates.js");
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    @Test
    void what_a_browser_has_is_not_sent_again() throws Exception {
        HttpResponse<String> first = server.get("/app/style.css");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = server.send(
                server.request("/app/style.css").header("If-None-Match", tag).GET());
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void no_request_reads_a_file_that_is_not_of_the_page() throws Exception {
        for (String path : List.of(
                "/app/../index.html",
                "/app/..%2findex.html",
                "/app/..%2F..%2Fapi%2FToken.class",
                "/app/%2e%2e/%2e%2e/bundle.json",
                "/app/index.html",
                "/app/",
                "/bundle.json",
                "/report/../bundle.json")) {
            assertThat(server.get(path).statusCode()).as(path).isIn(400, 404);
        }
    }

    @Test
    void the_report_is_shown_and_can_run_nothing() throws Exception {
        HttpResponse<String> report = server.get("/report");
        assertThat(report.body()).contains("<title>Report</title>");
        assertThat(report.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'none'", "sandbox");
    }

    @Test
    void there_are_examples_of_each_class() throws Exception {
        assertThat(RunningServer.json(server.get("/v1/examples")).size()).isEqualTo(20);
        assertThat(server.get("/v1/examples/19/image").statusCode()).isEqualTo(200);
        assertThat(server.get("/v1/examples/20/image").statusCode()).isEqualTo(404);
        assertThat(server.get("/v1/examples/-1/image").statusCode()).isEqualTo(404);
    }
}
