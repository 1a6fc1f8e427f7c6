package dev.racnn.attack.catalogue;

import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is known of an attack, or of a suite of them, before it is made.
 *
 * @param profile whose semantics it has
 * @param name in lower case, as on the command line; no other of the profile has it
 * @param title as the literature writes it
 * @param strength what it lives on
 * @param norms in which it measures what it limits or minimises; empty if no norm describes it
 * @param needsBudget whether it works within a budget; the others look for the nearest adversarial point
 * @param takesTargets whether it can make the model take an image for a chosen class
 * @param isSuite whether it is several attacks
 * @param maker makes it
 */
public record AttackKind(
        Profile profile,
        String name,
        String title,
        Strength strength,
        List<Norm> norms,
        boolean needsBudget,
        boolean takesTargets,
        boolean isSuite,
        Maker maker) {
    public AttackKind {
        norms = List.copyOf(norms);
    }

    /** Makes attacks of one kind. */
    @FunctionalInterface
    public interface Maker {
        /**
         * An attack of this kind.
         *
         * @param budget of which an attack that needs none takes but the norm
         * @param changes of its settings, by name, as typed
         */
        AttackSequence make(ThreatModel budget, Map<String, String> changes);
    }

    /** An attack with its default settings; see {@link #make(Norm, Optional, Map)}. */
    public AttackSequence make(Norm norm, Optional<Double> epsilon) {
        return make(norm, epsilon, Map.of());
    }

    /**
     * An attack of this kind.
     *
     * @param norm what is limited or minimised; those of the paper and those that no norm describes do not look at it
     * @param epsilon radius in the units of the pixels, if it needs a budget, and only then
     * @param changes of its settings, by name, as typed
     * @throws IllegalArgumentException if it does not know the norm or a setting, or the radius is missing or too much
     */
    public AttackSequence make(Norm norm, Optional<Double> epsilon, Map<String, String> changes) {
        if (profile == Profile.MODERN && !norms.isEmpty() && !norms.contains(norm)) {
            throw new IllegalArgumentException("norm of %s must be %s, but is %s"
                    .formatted(name, norms.stream().map(Norm::name).collect(Collectors.joining(" or ")), norm));
        }
        if (needsBudget && epsilon.isEmpty()) {
            throw new IllegalArgumentException(
                    "attack '" + name + "' needs a budget, but there is none; give one, such as --epsilon 0.03");
        }
        if (!needsBudget && epsilon.isPresent()) {
            throw new IllegalArgumentException("attack '" + name
                    + "' looks for the nearest adversarial point and has no budget, but epsilon is " + epsilon.get()
                    + "; leave it out");
        }
        return maker.make(new ThreatModel(norm, epsilon.orElse(Double.POSITIVE_INFINITY)), changes);
    }
}
