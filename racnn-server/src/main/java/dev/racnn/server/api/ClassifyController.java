package dev.racnn.server.api;

import dev.racnn.server.Abstention;
import dev.racnn.server.model.Question;
import dev.racnn.server.model.ServedModel;
import dev.racnn.server.model.Verdict;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Part;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.multipart.CompletedFileUpload;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Classifies images. */
@Controller("/v1/classify")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "classify")
class ClassifyController {
    private static final String K = "neighbours, from 1 to 100; those of the training by default";
    private static final String K_RULE = "must be from 1 to 100, but is {validatedValue}";
    private static final String THUMBNAILS = "whether the pictures of the neighbours are wanted";
    private static final String BASELINE = "whether the answer of the baseline is wanted too, if the service has one";

    private final ServedModel model;
    private final Labels labels;
    private final Images images;
    private final Queue queue;
    private final Abstention abstention;
    private final Metrics metrics;

    ClassifyController(
            ServedModel model, Labels labels, Images images, Queue queue, Abstention abstention, Metrics metrics) {
        this.model = model;
        this.labels = labels;
        this.images = images;
        this.queue = queue;
        this.abstention = abstention;
        this.metrics = metrics;
    }

    @Post
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(
            operationId = "classify",
            summary = "Labels images, with probabilities and the neighbours that decided",
            description = "PNG or JPEG files of any size, as files of a multipart request or in base64 as JSON.")
    Classification classify(
            @Part("image") Publisher<CompletedFileUpload> image,
            @Parameter(description = K)
                    @QueryValue
                    @Nullable
                    @Min(value = 1, message = K_RULE)
                    @Max(value = ServedModel.LARGEST_K, message = K_RULE)
                    Integer k,
            @Parameter(description = THUMBNAILS) @QueryValue(defaultValue = "false") boolean thumbnails,
            @Parameter(description = BASELINE) @QueryValue(defaultValue = "false") boolean baseline) {
        return answer(images.pixels(image), k, thumbnails, baseline);
    }

    @Post
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "classify")
    Classification classifyJson(
            @Body @Valid ImagesBody body,
            @Parameter(description = K)
                    @QueryValue
                    @Nullable
                    @Min(value = 1, message = K_RULE)
                    @Max(value = ServedModel.LARGEST_K, message = K_RULE)
                    Integer k,
            @Parameter(description = THUMBNAILS) @QueryValue(defaultValue = "false") boolean thumbnails,
            @Parameter(description = BASELINE) @QueryValue(defaultValue = "false") boolean baseline) {
        return answer(images.pixels(body), k, thumbnails, baseline);
    }

    private Classification answer(List<byte[]> pixels, @Nullable Integer asked, boolean thumbnails, boolean baseline) {
        int k = labels.neighbours(asked);
        List<Verdict> verdicts = queue.answer(pixels.stream()
                .map(image -> new Question(image, k, thumbnails, baseline))
                .toList());
        return new Classification(verdicts.stream().map(this::result).toList());
    }

    private Classification.Result result(Verdict verdict) {
        boolean abstained = abstention.applies(verdict.evidence());
        metrics.answered(verdict, abstained);
        return Classification.result(verdict, model.description(), abstained);
    }
}
