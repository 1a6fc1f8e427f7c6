package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.racnn.data.Bundled;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.Explanation;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The route that clients call most, over HTTP. */
class ClassifyTest {
    private final RunningServer server = RunningServer.shared();

    @Test
    void an_answer_is_that_of_the_library() throws Exception {
        HttpResponse<String> response = server.post("/v1/classify?k=7", new Multipart().image(TestImages.test(3)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode result = RunningServer.json(response).get("results").get(0);

        byte[] pixels = new byte[3072];
        Bundled.test().pixels(3, pixels, 0);
        try (Bundle opened = Bundle.open(server.bundle());
                var candidates = opened.candidates(EngineFactory.parse("exact"), 1);
                var _ = Scope.open()) {
            Explanation why = opened.classifier(candidates, 7).explain(Tensors.ofPixels(pixels, 1, 3, 32, 32));
            List<String> names = opened.description().classNames();
            assertThat(result.get("label").asString()).isEqualTo(names.get(why.label(0)));
            assertThat(result.get("abstained").asBoolean()).isFalse();
            for (int label = 0; label < names.size(); label++) {
                assertThat(result.get("probabilities").get(names.get(label)).asDouble())
                        .isCloseTo(why.probability(0, label), within(1e-3));
            }
            assertThat(result.get("neighbours").size()).isEqualTo(7);
            for (int rank = 0; rank < 7; rank++) {
                JsonNode neighbour = result.get("neighbours").get(rank);
                long id = why.neighbours().id(0, rank);
                assertThat(neighbour.get("id").asLong()).isEqualTo(id);
                assertThat(neighbour.get("label").asString()).isEqualTo(names.get(candidates.label(id)));
                assertThat(neighbour.get("distance").asDouble())
                        .isCloseTo(Math.sqrt(why.neighbours().squaredDistance(0, rank)), within(1e-2));
                assertThat(neighbour.get("weight").asDouble()).isCloseTo(why.weight(0, rank), within(1e-3));
                assertThat(neighbour.get("thumbnail").isNull()).isTrue();
            }
        }
    }

    @Test
    void several_images_are_answered_in_their_order_by_form_and_by_json() throws Exception {
        Multipart form = new Multipart();
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            byte[] png = TestImages.test(i * 80);
            form.image(png);
            json.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(Base64.getEncoder().encodeToString(png))
                    .append('"');
        }
        JsonNode byForm = RunningServer.json(server.post("/v1/classify", form)).get("results");
        JsonNode byJson = RunningServer.json(server.post("/v1/classify", "{\"images\":[" + json + "]}"))
                .get("results");

        assertThat(byForm.size()).isEqualTo(12);
        assertThat(labels(byForm)).isEqualTo(labels(byJson));
        assertThat(byForm.get(0).get("neighbours").size()).isEqualTo(10);
    }

    @Test
    void thumbnails_and_the_baseline_come_when_they_are_asked_for() throws Exception {
        HttpResponse<String> response = server.post(
                "/v1/classify?k=1&thumbnails=true&baseline=true", new Multipart().image(TestImages.training(5)));
        JsonNode result = RunningServer.json(response).get("results").get(0);
        JsonNode neighbour = result.get("neighbours").get(0);

        assertThat(neighbour.get("id").asLong()).isEqualTo(5);
        assertThat(neighbour.get("distance").asDouble()).isCloseTo(0, within(0.05));
        assertThat(neighbour.get("weight").asDouble()).isEqualTo(1);
        var thumbnail = ImageIO.read(new ByteArrayInputStream(
                Base64.getDecoder().decode(neighbour.get("thumbnail").asString())));
        var image = ImageIO.read(new ByteArrayInputStream(TestImages.training(5)));
        assertThat(thumbnail.getRGB(0, 0, 32, 32, null, 0, 32)).isEqualTo(image.getRGB(0, 0, 32, 32, null, 0, 32));
        assertThat(result.get("baseline").get("label").asString()).isNotEmpty();
        assertThat(sum(result.get("baseline").get("probabilities"))).isCloseTo(1, within(1e-4));
    }

    @Test
    void what_is_wrong_with_a_request_is_said() throws Exception {
        byte[] png = TestImages.test(0);
        assertProblem(server.post("/v1/classify?k=0", new Multipart().image(png)), 400, "from 1 to 100");
        assertProblem(server.post("/v1/classify?k=ten", new Multipart().image(png)), 400, "k cannot be 'ten'");
        assertProblem(server.post("/v1/classify", new Multipart().value("image", "x")), 400, "multipart field 'image'");
        assertProblem(server.post("/v1/classify", new Multipart()), 400, "multipart field 'image'");
        assertProblem(server.post("/v1/classify", "{\"images\": []}"), 400, "at least one image");
        assertProblem(server.post("/v1/classify", "{\"image\": [\"\"]}"), 400, "image");
        assertProblem(server.post("/v1/classify", "{\"images\": [\"?\"]}"), 400, "image 1 is not base64");
        assertProblem(server.post("/v1/classify", "{\"images\": ["), 400, "");
        assertProblem(
                server.post(
                        "/v1/classify",
                        new Multipart().image(png).file("image", "<b>.gif", "image/gif", new byte[] {1, 2})),
                415,
                "image 2 (?b?.gif): it is declared as 'image/gif'");
        assertProblem(
                server.post("/v1/classify", new Multipart().file("image", "a.png", "image/png", new byte[0])),
                415,
                "it is empty");
        assertProblem(server.get("/v1/classify"), 405, "");
        assertProblem(server.get("/v1/nothing"), 404, "there is nothing at this address");
        assertProblem(server.post("/v1/classify", "{\"images\":[],\"path\":\"x\"}"), 400, "there is no member 'path'");
        assertProblem(
                server.send(server.request("/v1/classify")
                        .header("Content-Type", "text/plain")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString("x"))),
                415,
                "text/plain");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String detail) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = RunningServer.json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("detail").asString())
                .contains(detail)
                .isNotEmpty()
                .doesNotContain("Exception", "dev.racnn", "io.micronaut");
    }

    private static List<String> labels(JsonNode results) {
        return results.valueStream()
                .map(result -> result.get("label").asString())
                .toList();
    }

    private static double sum(JsonNode numbers) {
        return numbers.valueStream().mapToDouble(JsonNode::asDouble).sum();
    }
}
