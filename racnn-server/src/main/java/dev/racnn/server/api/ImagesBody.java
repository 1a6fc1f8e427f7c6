package dev.racnn.server.api;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * Images as JSON.
 *
 * @param images PNG or JPEG files, each in base64
 */
@Serdeable
record ImagesBody(
        @NotEmpty(message = "must hold at least one image")
        @ArraySchema(schema = @Schema(type = "string", format = "byte"))
        List<@NotNull(message = "must be base64, not null") String> images) {}
