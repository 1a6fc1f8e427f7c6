package dev.racnn.attack.modern;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.Fab;
import dev.racnn.attack.autoattack.Square;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The attacks that the field uses today by name, with the defaults of Foolbox 3.3.4 and AutoAttack a392200. */
public final class ModernProfile {
    private static final Map<String, Function<ThreatModel, Attack>> WITHIN_A_BALL = Map.of(
            "fgsm", Pgd::fast,
            "bim", Pgd::basic,
            "pgd", Pgd::projected,
            "apgd-ce", budget -> new Apgd(Apgd.Variant.CE, budget, Apgd.Settings.STANDARD),
            "apgd-dlr", budget -> new Apgd(Apgd.Variant.DLR, budget, Apgd.Settings.STANDARD),
            "apgd-t", budget -> new Apgd(Apgd.Variant.TARGETED_DLR, budget, Apgd.Settings.STANDARD),
            "square", budget -> new Square(budget, Square.Settings.STANDARD),
            "noise", budget -> new AdditiveNoise(budget, AdditiveNoise.Settings.MODERN));

    private static final Map<String, Function<Norm, Attack>> NEAREST = Map.of(
            "deepfool", norm -> new DeepFool(norm, DeepFool.Settings.MODERN),
            "cw", norm -> inL2(norm, new CarliniWagner(CarliniWagner.Settings.MODERN)),
            "ddn", norm -> inL2(norm, new Ddn(Ddn.Settings.MODERN)),
            "fmn", norm -> new Fmn(norm, Fmn.Settings.MODERN),
            "fab", norm -> Fab.nearest(false, norm),
            "fab-t", norm -> Fab.nearest(true, norm),
            "boundary", norm -> inL2(norm, new Boundary(Boundary.Settings.MODERN)),
            "hopskipjump", norm -> new HopSkipJump(norm, HopSkipJump.Settings.MODERN),
            "spatial", _ -> new Spatial(Spatial.Settings.MODERN));

    private ModernProfile() {}

    /** The names of all attacks, in alphabetical order. */
    public static List<String> names() {
        return Stream.concat(WITHIN_A_BALL.keySet().stream(), NEAREST.keySet().stream())
                .sorted()
                .toList();
    }

    /** Whether there is an attack of this name. */
    public static boolean isKnown(String name) {
        return WITHIN_A_BALL.containsKey(name) || NEAREST.containsKey(name);
    }

    /** Whether the attack of this name works within a budget; the others look for the nearest adversarial point. */
    public static boolean needsBudget(String name) {
        return WITHIN_A_BALL.containsKey(name);
    }

    /**
     * An attack by its name.
     *
     * @param norm what is limited or minimised
     * @param epsilon radius in the units of the pixels, for attacks that {@link #needsBudget}, and for no other
     * @throws IllegalArgumentException if there is no attack of this name, it does not know the norm, or the radius is
     *     missing or too much
     */
    public static Attack attack(String name, Norm norm, Optional<Double> epsilon) {
        Function<ThreatModel, Attack> within = WITHIN_A_BALL.get(name);
        if (within != null) {
            double radius = epsilon.orElseThrow(() -> new IllegalArgumentException(
                    "attack '" + name + "' needs a budget, but no epsilon was given; give one, such as 0.03"));
            return within.apply(new ThreatModel(norm, radius));
        }
        Function<Norm, Attack> nearest = NEAREST.get(name);
        if (nearest == null) {
            throw new IllegalArgumentException(
                    "attack must be one of %s in the modern profile, but is '%s'; did you mean '%s'?"
                            .formatted(names(), name, Spelling.nearest(name, names())));
        }
        if (epsilon.isPresent()) {
            throw new IllegalArgumentException("attack '" + name
                    + "' looks for the nearest adversarial point and has no budget, but epsilon is " + epsilon.get()
                    + "; leave it out");
        }
        return nearest.apply(norm);
    }

    private static Attack inL2(Norm norm, Attack attack) {
        if (norm != Norm.L2) {
            throw new IllegalArgumentException("norm of " + attack.name() + " must be L2, but is " + norm);
        }
        return attack;
    }
}
