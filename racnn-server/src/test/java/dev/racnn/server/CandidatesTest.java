package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.racnn.data.Bundled;
import dev.racnn.data.Dataset;
import dev.racnn.racnn.Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The candidate set over HTTP. */
class CandidatesTest {
    @TempDir
    private static Path folder;

    private static Path original;

    private Path bundle;
    private RunningServer server;

    @BeforeAll
    static void build() throws IOException {
        original = TestBundle.in(folder);
    }

    @BeforeEach
    void start(@TempDir Path own) throws IOException {
        bundle = TestBundle.copy(original, own);
        server = RunningServer.start(bundle, null, RunningServer.SETTINGS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_change_is_seen_by_the_next_answer_and_outlasts_the_service() throws Exception {
        byte[] image = TestImages.test(500);
        HttpResponse<String> added =
                server.postAuthorised("/v1/candidates?label=frog&tag=mine", new Multipart().image(image));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(RunningServer.json(added).get("candidates").get(0).toString())
                .isEqualTo("{\"id\":120,\"label\":\"frog\",\"tags\":[\"mine\"]}");
        assertThat(nearest(image)).isEqualTo("120 frog");

        assertThat(relabel(120, "ship").statusCode()).isEqualTo(200);
        assertThat(nearest(image)).isEqualTo("120 ship");

        server.close();
        server = RunningServer.start(bundle, null, RunningServer.SETTINGS);
        assertThat(nearest(image)).isEqualTo("120 ship");

        assertThat(server.send(server.authorised("/v1/candidates/120").DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(nearest(image)).doesNotStartWith("120 ");
        assertThat(server.get("/v1/candidates/120").statusCode()).isEqualTo(404);

        assertThat(RunningServer.json(server.send(
                                server.authorised("/v1/candidates/changes").GET()))
                        .valueStream()
                        .map(note -> "%s %s %s %s"
                                .formatted(
                                        note.get("sequence"),
                                        note.get("action").asString(),
                                        note.get("state").asString(),
                                        note.get("ids"))))
                .containsExactly(
                        "3 remove done [120]",
                        "3 remove begun [120]",
                        "2 relabel done [120]",
                        "2 relabel begun [120]",
                        "1 add done [120]",
                        "1 add begun []");
    }

    @Test
    void candidates_are_listed_in_pages_the_latest_first() throws Exception {
        JsonNode first = RunningServer.json(server.get("/v1/candidates?limit=50"));
        assertThat(first.get("total").asInt()).isEqualTo(120);
        assertThat(ids(first)).hasSize(50).startsWith(119L).endsWith(70L);
        JsonNode last = RunningServer.json(server.get(
                "/v1/candidates?limit=100&before=" + first.get("next").asLong()));
        assertThat(ids(last)).hasSize(70).startsWith(69L).endsWith(0L);
        assertThat(last.get("next").isNull()).isTrue();

        List<String> names;
        try (Bundle opened = Bundle.open(bundle)) {
            names = opened.description().classNames();
        }
        JsonNode cats = RunningServer.json(server.get("/v1/candidates?label=cat&limit=1000"));
        Dataset images = Bundled.train();
        List<Long> expected = LongStream.range(0, 120)
                .filter(id -> images.label((int) id) == names.indexOf("cat"))
                .boxed()
                .toList()
                .reversed();
        assertThat(ids(cats)).isEqualTo(expected).isNotEmpty();
        assertThat(RunningServer.json(server.get("/v1/candidates?tag=nobody"))
                        .get("total")
                        .asInt())
                .isZero();
    }

    @Test
    void a_candidate_shows_its_picture() throws Exception {
        HttpRequest request = server.request("/v1/candidates/7/image").GET().build();
        HttpResponse<byte[]> picture = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(picture.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        var shown = ImageIO.read(new ByteArrayInputStream(picture.body()));
        var image = ImageIO.read(new ByteArrayInputStream(TestImages.training(7)));
        assertThat(shown.getRGB(0, 0, 32, 32, null, 0, 32)).isEqualTo(image.getRGB(0, 0, 32, 32, null, 0, 32));
    }

    @Test
    void nobody_changes_anything_without_the_token() throws Exception {
        Multipart image = new Multipart().image(TestImages.test(0));
        for (HttpResponse<String> refused : List.of(
                server.post("/v1/candidates?label=cat", image),
                server.send(server.request("/v1/candidates/1").DELETE()),
                server.send(server.request("/v1/candidates/1")
                        .header("Authorization", "Bearer 0123456789abcdeX")
                        .DELETE()),
                server.send(server.request("/v1/candidates/1")
                        .header("Authorization", "Basic 0123456789abcdef")
                        .DELETE()),
                server.get("/v1/candidates/changes"))) {
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(RunningServer.json(refused).get("detail").asString()).contains("token");
        }
        assertThat(RunningServer.json(server.get("/v1/candidates")).get("total").asInt())
                .isEqualTo(120);
    }

    @Test
    void what_cannot_be_changed_is_named() throws Exception {
        Multipart image = new Multipart().image(TestImages.test(0));
        HttpResponse<String> unknown = server.postAuthorised("/v1/candidates?label=catt", image);
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("label must be one of [airplane,", "did you mean 'cat'?");
        assertThat(server.postAuthorised("/v1/candidates", image).statusCode()).isEqualTo(400);
        assertThat(server.postAuthorised("/v1/candidates?label=cat&tag=%20", image)
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.postAuthorised("/v1/candidates?label=cat", new Multipart())
                        .statusCode())
                .isEqualTo(400);
        assertThat(relabel(999, "cat").statusCode()).isEqualTo(404);
        assertThat(relabel(1, "kat").body()).contains("did you mean 'cat'?");
        for (int id = 0; id < 110; id++) {
            assertThat(server.send(server.authorised("/v1/candidates/" + id).DELETE())
                            .statusCode())
                    .isEqualTo(204);
        }
        HttpResponse<String> last =
                server.send(server.authorised("/v1/candidates/110").DELETE());
        assertThat(last.statusCode()).isEqualTo(409);
        assertThat(last.body()).contains("the model needs 10 candidates and has no more");
    }

    @Test
    void the_model_is_described() throws Exception {
        relabel(3, "ship");
        JsonNode model = RunningServer.json(server.get("/v1/model"));

        assertThat(model.get("classes").size()).isEqualTo(10);
        assertThat(model.get("neighbours").asInt()).isEqualTo(10);
        assertThat(model.get("baseline").asBoolean()).isFalse();
        assertThat(model.get("index").toString())
                .startsWith("{\"engine\":\"exact\",\"candidates\":120,\"perClass\":[")
                .endsWith("],\"generation\":1,\"added\":1,\"hidden\":1}");
        assertThat(model.get("limits").get("images").asInt()).isEqualTo(16);
    }

    @Test
    void a_candidate_set_open_elsewhere_is_not_served() throws Exception {
        try {
            RunningServer.start(bundle, null, RunningServer.SETTINGS).close();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining(bundle.resolve("candidates").toString());
            return;
        }
        throw new AssertionError("two services changed one candidate set");
    }

    @Test
    void an_audit_line_that_a_crash_cut_off_is_dropped() throws Exception {
        relabel(3, "ship");
        server.close();
        Path audit = bundle.resolve("candidate-audit.jsonl");
        String whole = Files.readString(audit);
        Files.writeString(audit, whole + "{\"sequence\":2,\"ti");
        server = RunningServer.start(bundle, null, RunningServer.SETTINGS);
        assertThat(Files.readString(audit)).isEqualTo(whole);
        relabel(4, "ship");
        assertThat(Files.readString(audit).lines()).hasSize(4).last().asString().startsWith("{\"sequence\":2,");
    }

    private HttpResponse<String> relabel(long id, String label) throws Exception {
        return server.send(server.authorised("/v1/candidates/" + id)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString("{\"label\":\"" + label + "\"}")));
    }

    private String nearest(byte[] image) throws Exception {
        JsonNode neighbour = RunningServer.json(server.post("/v1/classify?k=1", new Multipart().image(image)))
                .get("results")
                .get(0)
                .get("neighbours")
                .get(0);
        return neighbour.get("id") + " " + neighbour.get("label").asString();
    }

    private static List<Long> ids(JsonNode page) {
        return page.get("candidates")
                .valueStream()
                .map(candidate -> candidate.get("id").asLong())
                .toList();
    }
}
