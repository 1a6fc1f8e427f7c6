package dev.racnn.server.api;

import dev.racnn.attack.Norm;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.server.attack.Aim;
import dev.racnn.server.attack.AttackJob;
import dev.racnn.server.attack.AttackJobs;
import dev.racnn.server.attack.AttackOrder;
import dev.racnn.server.model.ServedModel;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Part;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.http.multipart.CompletedFileUpload;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** Attacks images on the served model. */
@Controller("/v1/attacks")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "attacks")
class AttacksController {
    private final ServedModel model;
    private final Images images;
    private final Labels labels;
    private final AttackJobs jobs;
    private final AttackAnswers answers;

    AttacksController(ServedModel model, Images images, Labels labels, AttackJobs jobs, AttackAnswers answers) {
        this.model = model;
        this.images = images;
        this.labels = labels;
        this.jobs = jobs;
        this.answers = answers;
    }

    /**
     * Lists the attacks that can be asked for.
     *
     * @return those of the paper first
     */
    @Get
    List<AttackJson.Kind> kinds() {
        return Attacks.all().stream().map(AttackAnswers::kind).toList();
    }

    /**
     * Begins an attack on an image. How far it is, and in the end what came of it, is at the address of its id.
     *
     * @param image one PNG or JPEG file
     * @param attack name of the attack, as listed
     * @param profile paper or modern; modern by default
     * @param norm linf, l2 or l1; by default the usual one of the attack
     * @param epsilon largest length of the change, pixels being in [0, 1]; only for attacks that need a budget
     * @param scenario whom it is aimed at: 1, the RaCNN itself; 2a, its surrogate; 2b, the RaCNN with gradients of the
     *     surrogate; baseline, the baseline; 1 by default
     * @param label true class; by default what the RaCNN takes the image for
     * @param k neighbours; those of the training by default
     * @return the attack, which has only begun
     */
    @Post
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Status(HttpStatus.ACCEPTED)
    @NeedsToken
    AttackJson.Job begin(
            @Part("image") Publisher<CompletedFileUpload> image,
            @QueryValue String attack,
            @QueryValue @Nullable String profile,
            @QueryValue @Nullable String norm,
            @QueryValue @Nullable Double epsilon,
            @QueryValue @Nullable String scenario,
            @QueryValue @Nullable String label,
            @QueryValue @Nullable Integer k) {
        AttackKind kind =
                checked(() -> Attacks.named(named("profile", Profile.values(), profile, Profile.MODERN), attack));
        Norm asked = norm == null ? null : named("norm", Norm.values(), norm, Norm.LINF);
        Aim aim = checked(() -> Aim.named(scenario == null ? Aim.RACNN.toString() : scenario));
        if (aim == Aim.BASELINE) {
            checked(model::baseline);
        }
        int neighbours = labels.neighbours(k);
        Optional<Integer> truth = Optional.ofNullable(label).map(labels::number);
        var sequence = checked(() -> AttackOrder.attack(kind, asked, epsilon));
        List<byte[]> pixels = images.pixels(image);
        if (pixels.size() != 1) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "an attack takes one image, but there are %s; send several requests".formatted(pixels.size()));
        }
        AttackOrder order = new AttackOrder(
                pixels.getFirst(), kind, sequence, Optional.ofNullable(epsilon), aim, truth, neighbours);
        AttackJob job = jobs.submit(order)
                .orElseThrow(() -> new Refusal(
                        HttpStatus.TOO_MANY_REQUESTS, "too many attacks wait; try again when some are over"));
        return answers.job(job.view());
    }

    /**
     * Shows how far an attack is and what came of it.
     *
     * @param id of the attack
     * @return the attack as it is now
     */
    @Get("/{id}")
    @NeedsToken
    AttackJson.Job show(@PathVariable String id) {
        return answers.job(existing(id).view());
    }

    /**
     * Calls an attack off.
     *
     * @param id of the attack
     */
    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    @NeedsToken
    void cancel(@PathVariable String id) {
        jobs.cancel(existing(id));
    }

    private AttackJob existing(String id) {
        return jobs.find(id)
                .orElseThrow(() -> new Refusal(
                        HttpStatus.NOT_FOUND, "there is no attack of this id, or it has been over for long"));
    }

    private static <E extends Enum<E>> E named(String what, E[] values, @Nullable String name, E otherwise) {
        if (name == null) {
            return otherwise;
        }
        return Arrays.stream(values)
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        HttpStatus.BAD_REQUEST,
                        "%s must be one of %s"
                                .formatted(what, Arrays.toString(values).toLowerCase(Locale.ROOT))));
    }

    private static <T> T checked(java.util.function.Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "%s".formatted(e.getMessage()));
        }
    }
}
