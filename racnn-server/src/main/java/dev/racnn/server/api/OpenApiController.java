package dev.racnn.server.api;

import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The OpenAPI document that the compiler makes from the routes. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "RaCNN",
                        version = "1",
                        description = "Robust image classification with its evidence: labels, and the neighbours that"
                                + " decided. What is not answered says why as application/problem+json."))
@SecurityScheme(name = NeedsToken.SCHEME, type = SecuritySchemeType.HTTP, scheme = "bearer")
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
            document = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Get(produces = MediaType.APPLICATION_JSON)
    String document() {
        return document;
    }
}
