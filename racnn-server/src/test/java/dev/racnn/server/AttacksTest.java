package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Attacks over HTTP. */
class AttacksTest {
    private final RunningServer server = RunningServer.shared();

    @Test
    void an_attack_leads_the_baseline_away_within_its_budget_and_shows_how() throws Exception {
        JsonNode result = attacked("attack=pgd&norm=linf&epsilon=0.0314&scenario=baseline&label=" + rightOfBaseline());

        assertThat(result.get("success").asBoolean()).isTrue();
        assertThat(result.get("wrongBefore").asBoolean()).isFalse();
        assertThat(result.get("distance").get("linf").asDouble()).isBetween(1e-3, 0.0315);
        String was = result.at("/before/answer/baseline/label").asString();
        assertThat(result.at("/after/answer/baseline/label").asString()).isNotEqualTo(was);
        assertThat(result.at("/after/answer/neighbours/0/thumbnail").asString()).isNotEmpty();
        BufferedImage before = image(result.at("/before/image"));
        BufferedImage after = image(result.at("/after/image"));
        int largest = 0;
        for (int p = 0; p < 32 * 32; p++) {
            int a = before.getRGB(p % 32, p / 32);
            int b = after.getRGB(p % 32, p / 32);
            for (int shift = 0; shift <= 16; shift += 8) {
                largest = Math.max(largest, Math.abs((a >> shift & 0xFF) - (b >> shift & 0xFF)));
            }
        }
        assertThat(largest)
                .isEqualTo(Math.round(255 * result.at("/distance/linf").asDouble()));
        assertThat(result.at("/after/magnification").asDouble())
                .isCloseTo(0.5 / result.at("/distance/linf").asDouble(), within(0.5));
    }

    @Test
    void every_scenario_and_an_attack_without_a_budget_can_be_asked_for() throws Exception {
        for (String order : List.of(
                "attack=fgsm&epsilon=0.01&scenario=1",
                "attack=fgsm&epsilon=0.01&scenario=2a",
                "attack=fgsm&epsilon=0.01&scenario=2b&norm=l2",
                "attack=deepfool&profile=paper&k=3")) {
            JsonNode result = attacked(order);
            assertThat(result.get("queries").asLong()).as(order).isPositive();
            assertThat(result.get("distance").isNull())
                    .as(order)
                    .isEqualTo(!result.get("success").asBoolean());
        }
    }

    @Test
    void an_image_that_is_wrong_already_is_not_attacked() throws Exception {
        String right = rightOfBaseline();
        JsonNode result =
                attacked("attack=fgsm&epsilon=0.01&scenario=baseline&label=" + (right.equals("cat") ? "dog" : "cat"));
        assertThat(result.get("wrongBefore").asBoolean()).isTrue();
        assertThat(result.at("/distance/linf").asDouble()).isZero();
    }

    @Test
    void an_attack_that_is_called_off_ends() throws Exception {
        JsonNode job = begun("attack=cw&norm=l2");
        String path = "/v1/attacks/" + job.get("id").asString();
        assertThat(server.send(server.authorised(path).DELETE()).statusCode()).isEqualTo(204);
        assertThat(state(path).get("state").asString()).isEqualTo("cancelled");
        // The next one does not wait for it for long.
        attacked("attack=fgsm&epsilon=0.01");
    }

    @Test
    void what_cannot_be_attacked_is_said() throws Exception {
        refused(401, "token", server.post("/v1/attacks?attack=fgsm&epsilon=0.1", form()));
        refused(400, "attack must be one of", post("attack=fgms&epsilon=0.1"));
        refused(400, "epsilon=0.03", post("attack=pgd"));
        refused(400, "leave epsilon out", post("attack=cw&epsilon=0.1"));
        refused(400, "positive and finite", post("attack=pgd&epsilon=-1"));
        refused(400, "positive and finite", post("attack=pgd&epsilon=NaN"));
        refused(400, "norm must be one of", post("attack=pgd&epsilon=0.1&norm=l7"));
        refused(400, "must be L2", post("attack=cw&norm=linf"));
        refused(400, "scenario must be one of", post("attack=pgd&epsilon=0.1&scenario=3"));
        refused(400, "profile must be one of", post("attack=pgd&epsilon=0.1&profile=old"));
        refused(400, "label must be one of", post("attack=pgd&epsilon=0.1&label=catt"));
        refused(400, "k: neighbours must be", post("attack=pgd&epsilon=0.1&k=0"));
        refused(
                400,
                "takes one image, but there are 2",
                server.postAuthorised("/v1/attacks?attack=fgsm&epsilon=0.1", form().image(TestImages.test(1))));
        refused(
                404,
                "no attack of this id",
                server.send(server.authorised("/v1/attacks/0123").GET()));
        refused(401, "token", server.get("/v1/attacks/0123"));
    }

    @Test
    void attacks_are_listed_with_what_they_need() throws Exception {
        JsonNode kinds = RunningServer.json(server.get("/v1/attacks"));
        assertThat(kinds.valueStream()
                        .filter(kind -> kind.get("name").asString().equals("pgd"))
                        .map(JsonNode::toString))
                .containsExactly("{\"profile\":\"modern\",\"name\":\"pgd\",\"title\":\"PGD\",\"strength\":\"iterated\","
                        + "\"norms\":[\"linf\",\"l2\",\"l1\"],\"needsBudget\":true}");
    }

    /** What the baseline takes the image of these tests for. */
    private String rightOfBaseline() throws IOException, InterruptedException {
        return RunningServer.json(server.post("/v1/classify?baseline=true", form()))
                .at("/results/0/baseline/label")
                .asString();
    }

    private JsonNode attacked(String order) throws IOException, InterruptedException {
        String path = "/v1/attacks/" + begun(order).get("id").asString();
        JsonNode job = state(path);
        while (List.of("waiting", "running").contains(job.get("state").asString())) {
            Thread.sleep(20);
            job = state(path);
            assertThat(job.get("progress").asDouble()).isBetween(0.0, 1.0);
        }
        assertThat(job.get("state").asString()).as(job.toString()).isEqualTo("done");
        return job.get("result");
    }

    private JsonNode begun(String order) throws IOException, InterruptedException {
        HttpResponse<String> begun = post(order);
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return RunningServer.json(begun);
    }

    private HttpResponse<String> post(String order) throws IOException, InterruptedException {
        return server.postAuthorised("/v1/attacks?" + order, form());
    }

    private JsonNode state(String path) throws IOException, InterruptedException {
        return RunningServer.json(server.send(server.authorised(path).GET()));
    }

    private static Multipart form() throws IOException {
        return new Multipart().image(TestImages.test(0));
    }

    private static BufferedImage image(JsonNode base64) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(base64.asString())));
    }

    private static void refused(int status, String detail, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(RunningServer.json(answer).get("detail").asString()).contains(detail);
    }
}
