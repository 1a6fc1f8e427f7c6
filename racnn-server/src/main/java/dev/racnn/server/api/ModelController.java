package dev.racnn.server.api;

import dev.racnn.Version;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.server.Abstention;
import dev.racnn.server.Limits;
import dev.racnn.server.ServerSettings;
import dev.racnn.server.model.IndexFacts;
import dev.racnn.server.model.ServedModel;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says which model answers. */
@Controller("/v1/model")
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "model")
class ModelController {
    private final ServedModel model;
    private final Limits limits;
    private final Abstention abstention;
    private final boolean report;

    ModelController(ServedModel model, ServerSettings settings) {
        this.model = model;
        limits = settings.limits();
        abstention = settings.abstention();
        report = settings.report() != null;
    }

    /**
     * The model and what it answers from.
     *
     * @param version of this software
     * @param classes names of all classes, in the order of the labels
     * @param imageHeight what images are scaled to, in pixels
     * @param imageWidth what images are scaled to, in pixels
     * @param neighbours K of the training, and by default
     * @param largestK K that can be asked for at most
     * @param key which numbers retrieval compares
     * @param attention how neighbours are weighed
     * @param precision format of the arithmetic
     * @param testAccuracy clean accuracy at the end of the training, in [0, 1]
     * @param testImages how many images that was measured on
     * @param weightsSha256 checksum of the weights, hexadecimal
     * @param baseline whether answers of a baseline can be asked for
     * @param report whether a robustness report can be seen at /report
     * @param index the candidate set and its retrieval engine
     * @param limits how much a request may ask for
     * @param abstention when there is no label
     */
    @Serdeable
    record Model(
            String version,
            List<String> classes,
            int imageHeight,
            int imageWidth,
            int neighbours,
            int largestK,
            String key,
            String attention,
            String precision,
            double testAccuracy,
            int testImages,
            String weightsSha256,
            boolean baseline,
            boolean report,
            Index index,
            RequestLimits limits,
            Abstaining abstention) {}

    /**
     * The candidate set.
     *
     * @param engine retrieval engine, with its settings
     * @param candidates how many there are
     * @param perClass how many of each class, in the order of the labels
     * @param generation how often the set was built or compacted
     * @param added candidates that are not part of the base yet
     * @param hidden candidates of the base that were removed or changed
     */
    @Serdeable
    record Index(String engine, int candidates, List<Integer> perClass, long generation, int added, int hidden) {}

    /**
     * How much a request may ask for.
     *
     * @param bodyBytes size of a request
     * @param images in a request
     * @param pixels of an image
     */
    @Serdeable
    record RequestLimits(long bodyBytes, int images, long pixels) {}

    /**
     * When there is no label.
     *
     * @param abovePercentile largest percentile that gets one; null for any
     * @param belowAgreement smallest agreement that gets one; null for any
     */
    @Serdeable
    record Abstaining(
            @Nullable Double abovePercentile, @Nullable Double belowAgreement) {}

    /**
     * Shows the model, its candidate set and the limits of this service.
     *
     * @return what is known of them
     */
    @Get
    Model model() {
        BundleDescription description = model.description();
        IndexFacts facts = model.candidates().facts();
        return new Model(
                Version.current(),
                description.classNames(),
                description.imageSize().height(),
                description.imageSize().width(),
                description.neighbours(),
                ServedModel.LARGEST_K,
                lower(description.key()),
                lower(description.attention()),
                lower(model.precision()),
                description.testAccuracy(),
                description.testImages(),
                description.weightsSha256(),
                model.hasBaseline(),
                report,
                new Index(
                        facts.engine(),
                        facts.candidates(),
                        facts.perClass(),
                        facts.generation(),
                        facts.added(),
                        facts.hidden()),
                new RequestLimits(limits.bodyBytes(), limits.images(), limits.pixels()),
                new Abstaining(abstention.abovePercentile(), abstention.belowAgreement()));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
