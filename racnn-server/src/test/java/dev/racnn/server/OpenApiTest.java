package dev.racnn.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document against its specification and against the server. */
class OpenApiTest {
    private final RunningServer server = RunningServer.shared();
    private final JsonNode document;

    OpenApiTest() throws IOException, InterruptedException {
        document = RunningServer.json(server.get("/openapi.json"));
    }

    @Test
    void the_document_is_valid_and_names_every_route_with_its_errors() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        assertThat(new OpenAPIV3Parser()
                        .readContents(document.toString(), List.of(), options)
                        .getMessages())
                .isEmpty();
        assertThat(document.get("paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/health/live",
                        "/health/ready",
                        "/metrics",
                        "/v1/attacks",
                        "/v1/attacks/{id}",
                        "/v1/candidates",
                        "/v1/candidates/changes",
                        "/v1/candidates/{id}",
                        "/v1/candidates/{id}/image",
                        "/v1/classify",
                        "/v1/examples",
                        "/v1/examples/{id}/image",
                        "/v1/model");
        operations()
                .forEach((name, operation) -> assertThat(
                                operation.at("/responses/default/content").propertyNames())
                        .as(name)
                        .containsExactly("application/problem+json"));
        assertThat(document.at("/paths/~1v1~1classify/post/requestBody/content").propertyNames())
                .containsExactlyInAnyOrder("application/json", "multipart/form-data");
    }

    @Test
    void every_operation_of_the_document_is_answered_and_what_needs_the_token_says_so() throws Exception {
        for (Map.Entry<String, JsonNode> entry : operations().entrySet()) {
            String name = entry.getKey();
            int space = name.indexOf(' ');
            HttpRequest.Builder request =
                    server.request(name.substring(space + 1).replace("{id}", "1"));
            JsonNode body = entry.getValue().at("/requestBody/content");
            if (!body.isMissingNode()) {
                request.header("Content-Type", body.propertyNames().iterator().next());
            }
            HttpResponse<String> answer =
                    server.send(request.method(name.substring(0, space), BodyPublishers.noBody()));
            assertThat(answer.statusCode() == 401)
                    .as(name)
                    .isEqualTo(entry.getValue().has("security"));
            assertThat(answer.statusCode()).as(name).isNotIn(404, 405).isLessThan(500);
        }
    }

    @Test
    void answers_have_the_members_of_their_schemas_and_no_others() throws Exception {
        assertSchema("ModelController.Model", RunningServer.json(server.get("/v1/model")));
        assertSchema("CandidatesJson.Page", RunningServer.json(server.get("/v1/candidates?limit=2")));
        assertSchema(
                "Classification",
                RunningServer.json(server.post(
                        "/v1/classify?baseline=true&thumbnails=true", new Multipart().image(TestImages.test(4)))));
        assertSchema("Problem", RunningServer.json(server.get("/v1/candidates/999")));
        assertSchema(
                "AttackJson.Kind", RunningServer.json(server.get("/v1/attacks")).get(0));
    }

    private Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                operations.put(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue());
            }
        }
        return operations;
    }

    private void assertSchema(String name, JsonNode answer) {
        JsonNode members = document.at("/components/schemas/" + name + "/properties");
        assertThat(new TreeSet<>(answer.propertyNames())).as(name).isEqualTo(new TreeSet<>(members.propertyNames()));
        for (String member : answer.propertyNames()) {
            JsonNode value = answer.get(member);
            JsonNode of = members.get(member);
            String reference = reference(of);
            String items = reference(of.path("items"));
            if (!reference.isEmpty() && value.isObject()) {
                assertSchema(reference, value);
            } else if (!items.isEmpty()) {
                assertThat(value.size()).as(member).isPositive();
                assertSchema(items, value.get(0));
            }
        }
    }

    /** The schema that another one refers to; empty if it does not. */
    private static String reference(JsonNode schema) {
        String reference = schema.has("$ref")
                ? schema.get("$ref").asString()
                : schema.at("/allOf/0/$ref").asString();
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
