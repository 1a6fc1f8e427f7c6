package dev.racnn.server.api;

import dev.racnn.server.audit.AuditEntry;
import dev.racnn.server.model.CandidatePage;
import dev.racnn.server.model.ServedModel;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Part;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.http.multipart.CompletedFileUpload;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Shows and changes the candidate set. */
@Controller("/v1/candidates")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "candidates")
class CandidatesController {
    private static final String LIMIT_RULE = "must be from 1 to 1000, but is {validatedValue}";

    private final ServedModel model;
    private final CandidateChanges changes;
    private final Labels labels;
    private final Images images;

    CandidatesController(ServedModel model, CandidateChanges changes, Labels labels, Images images) {
        this.model = model;
        this.changes = changes;
        this.labels = labels;
        this.images = images;
    }

    /**
     * Lists candidates, the latest first.
     *
     * @param label only those of this class
     * @param tag only those with this tag
     * @param before only those of smaller ids; to get the next page, what the last one gave as next
     * @param limit how many at most
     * @return a page of them
     */
    @Get
    CandidatesJson.Page list(
            @QueryValue @Nullable String label,
            @QueryValue @Nullable String tag,
            @QueryValue @Nullable Long before,
            @QueryValue(defaultValue = "100")
                    @Min(value = 1, message = LIMIT_RULE)
                    @Max(value = 1000, message = LIMIT_RULE)
                    int limit) {
        int wanted = label == null ? -1 : labels.number(label);
        Predicate<CandidatePage.Entry> accepted = candidate -> (wanted < 0 || candidate.label() == wanted)
                && (tag == null || candidate.tags().contains(tag));
        CandidatePage page = model.candidates().list(accepted, before == null ? Long.MAX_VALUE : before, limit);
        return CandidatesJson.page(page, model.description().classNames());
    }

    /**
     * Shows one candidate.
     *
     * @param id of the candidate
     * @return its class and tags
     */
    @Get("/{id}")
    CandidatesJson.Candidate show(@PathVariable long id) {
        return CandidatesJson.candidate(
                changes.existing(id), model.description().classNames());
    }

    /**
     * The picture of a candidate.
     *
     * @param id of the candidate
     * @return a PNG file
     */
    @Get("/{id}/image")
    @Produces(MediaType.IMAGE_PNG)
    HttpResponse<byte[]> image(@PathVariable long id) {
        changes.existing(id);
        // No other candidate ever gets this id, and a candidate never another picture.
        return HttpResponse.ok(Classification.png(model.candidates().thumbnail(id), model.description()))
                .header(HttpHeaders.CACHE_CONTROL, "private, max-age=86400, immutable");
    }

    @Post
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Status(HttpStatus.CREATED)
    @NeedsToken
    @Operation(
            operationId = "addCandidates",
            summary = "Makes images candidates, all of them or none",
            description =
                    "PNG or JPEG files of any size, as files of a multipart request or in base64 as JSON. They are on"
                            + " the disk when this is answered, and the next classification sees them.")
    CandidatesJson.Added add(
            HttpRequest<?> request,
            @Part("image") Publisher<CompletedFileUpload> image,
            @QueryValue String label,
            @QueryValue @Nullable List<String> tag) {
        return add(request, images.pixels(image), label, tag == null ? List.of() : tag);
    }

    @Post
    @Consumes(MediaType.APPLICATION_JSON)
    @Status(HttpStatus.CREATED)
    @NeedsToken
    @Operation(operationId = "addCandidates")
    CandidatesJson.Added addJson(
            HttpRequest<?> request,
            @Body @Valid ImagesBody body,
            @QueryValue String label,
            @QueryValue @Nullable List<String> tag) {
        return add(request, images.pixels(body), label, tag == null ? List.of() : tag);
    }

    /**
     * Gives a candidate another class.
     *
     * @param id of the candidate
     * @param body the class
     * @return the candidate as it is now
     */
    @Patch("/{id}")
    @NeedsToken
    CandidatesJson.Candidate relabel(
            HttpRequest<?> request, @PathVariable long id, @Body CandidatesJson.Relabelling body) {
        changes.relabel(id, body.label(), client(request));
        return show(id);
    }

    /**
     * Removes a candidate.
     *
     * @param id of the candidate
     */
    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    @NeedsToken
    void remove(HttpRequest<?> request, @PathVariable long id) {
        changes.remove(id, client(request));
    }

    /**
     * What was changed, by whom and when, the latest first.
     *
     * @param limit how many notes at most
     * @return notes of the audit log
     */
    @Get("/changes")
    @NeedsToken
    List<CandidatesJson.Noted> changes(
            @QueryValue(defaultValue = "100")
                    @Min(value = 1, message = LIMIT_RULE)
                    @Max(value = 1000, message = LIMIT_RULE)
                    int limit) {
        return changes.latest(limit).stream().map(CandidatesController::noted).toList();
    }

    private CandidatesJson.Added add(HttpRequest<?> request, List<byte[]> pixels, String label, List<String> tags) {
        List<Long> ids = changes.add(pixels, label, tags, client(request));
        return new CandidatesJson.Added(ids.stream().map(this::show).toList());
    }

    private static CandidatesJson.Noted noted(AuditEntry entry) {
        return new CandidatesJson.Noted(
                entry.sequence(),
                entry.time().toString(),
                entry.client(),
                lower(entry.action()),
                lower(entry.state()),
                entry.ids(),
                entry.label(),
                entry.was(),
                entry.tags());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String client(HttpRequest<?> request) {
        return request.getRemoteAddress().getAddress().getHostAddress();
    }
}
