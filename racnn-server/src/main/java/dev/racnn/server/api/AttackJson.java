package dev.racnn.server.api;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of attacks. */
final class AttackJson {
    private AttackJson() {}

    /**
     * An attack that can be asked for.
     *
     * @param profile paper or modern: whose semantics it has
     * @param name to ask for it
     * @param title as the literature writes it
     * @param strength chance, without_gradients, single_step or iterated: what it lives on
     * @param norms in which it measures, the usual one first; empty if no norm describes it
     * @param needsBudget whether epsilon must be given; otherwise it looks for the nearest point
     */
    @Serdeable
    record Kind(String profile, String name, String title, String strength, List<String> norms, boolean needsBudget) {}

    /**
     * An attack that was asked for.
     *
     * @param id of the attack
     * @param state waiting, running, done, failed or cancelled
     * @param progress from 0 to 1
     * @param failure why it failed; null unless it has
     * @param result null unless it is done
     */
    @Serdeable
    record Job(
            String id,
            String state,
            double progress,
            @Nullable String failure,
            @Nullable Result result) {}

    /**
     * What came of an attack.
     *
     * @param attack its name
     * @param scenario whom it was aimed at: 1, 2a, 2b or baseline
     * @param label the class that the image was to be led away from
     * @param success whether it found an image that the model it was aimed at takes for another class
     * @param wrongBefore whether that model took the original for another class already, so that nothing was attacked
     * @param distance of the image found; null if there is none
     * @param queries how often the model was asked, gradients included
     * @param before the original
     * @param after the image found; null if there is none
     */
    @Serdeable
    record Result(
            String attack,
            String scenario,
            String label,
            boolean success,
            boolean wrongBefore,
            @Nullable Distance distance,
            long queries,
            Shown before,
            @Nullable Changed after) {}

    /**
     * How far an image was moved, its pixels being in [0, 1].
     *
     * @param l2 Euclidean norm of the change
     * @param linf largest change of a value
     * @param msd mean squared change
     */
    @Serdeable
    record Distance(double l2, double linf, double msd) {}

    /**
     * An image with what is said of it.
     *
     * @param image PNG file in base64, of the model's size
     * @param answer of the RaCNN and, if there is one, the baseline
     */
    @Serdeable
    record Shown(@Schema(format = "byte") String image, Classification.Result answer) {}

    /**
     * An image that an attack found.
     *
     * @param image PNG file in base64, rounded to whole levels; the answer is that for the image before rounding
     * @param perturbation the change as a PNG file in base64, around grey
     * @param magnification how much the change is magnified in that picture
     * @param answer of the RaCNN and, if there is one, the baseline
     */
    @Serdeable
    record Changed(
            @Schema(format = "byte") String image,
            @Schema(format = "byte") String perturbation,
            double magnification,
            Classification.Result answer) {}
}
