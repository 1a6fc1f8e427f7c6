package dev.racnn.server.api;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.openapi.annotation.OpenAPIExtraSchema;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.io.IOException;
import java.io.InputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document that the compiler makes from the routes. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "RaCNN",
                        version = "1",
                        description = "Robust image classification with its evidence: labels, and the neighbours that"
                                + " decided. What is not answered says why as application/problem+json."))
@SecurityScheme(name = NeedsToken.SCHEME, type = SecuritySchemeType.HTTP, scheme = "bearer")
@OpenAPIExtraSchema(Problem.class)
@Controller("/openapi.json")
@Hidden
class OpenApiController {
    private static final String DOCUMENT = "/META-INF/swagger/racnn-1.json";

    private final String document;

    OpenApiController() throws IOException {
        try (InputStream in = OpenApiController.class.getResourceAsStream(DOCUMENT)) {
            if (in == null) {
                throw new IOException(DOCUMENT + " is missing; the build did not make it");
            }
            document = completed((ObjectNode) JsonMapper.shared().readTree(in));
        }
    }

    /** What the compiler does not see: that any request may be refused, and that what has a default need not be given. */
    private static String completed(ObjectNode made) {
        for (JsonNode path : made.get("paths")) {
            for (JsonNode operation : path) {
                ObjectNode refused = ((ObjectNode) operation.get("responses")).putObject("default");
                refused.put("description", "why it was refused, or that it failed");
                refused.putObject("content")
                        .putObject(MediaType.APPLICATION_JSON_PROBLEM)
                        .putObject("schema")
                        .put("$ref", "#/components/schemas/Problem");
                for (JsonNode parameter : operation.path("parameters")) {
                    if (parameter.path("schema").has("default")) {
                        ((ObjectNode) parameter).put("required", false);
                    }
                }
            }
        }
        return made.toPrettyString();
    }

    @Get(produces = MediaType.APPLICATION_JSON)
    String document() {
        return document;
    }
}
