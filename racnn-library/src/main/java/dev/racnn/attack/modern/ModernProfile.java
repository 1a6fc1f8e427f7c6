package dev.racnn.attack.modern;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SettingsRecord;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.Fab;
import dev.racnn.attack.autoattack.Square;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The attacks that the field uses today by name, with the defaults of Foolbox 3.3.4 and AutoAttack a392200. */
public final class ModernProfile {
    private static final List<Norm> ALL = List.of(Norm.LINF, Norm.L2, Norm.L1);
    private static final List<Norm> LINF_OR_L2 = List.of(Norm.LINF, Norm.L2);
    private static final List<Norm> L2 = List.of(Norm.L2);

    private static final Map<String, Kind> KINDS = new TreeMap<>(Map.ofEntries(
            Map.entry("fgsm", pgd("fgsm", _ -> Pgd.Settings.FAST)),
            Map.entry("bim", pgd("bim", _ -> Pgd.Settings.BASIC)),
            Map.entry("pgd", pgd("pgd", Pgd.Settings::projected)),
            Map.entry("apgd-ce", apgd(Apgd.Variant.CE)),
            Map.entry("apgd-dlr", apgd(Apgd.Variant.DLR)),
            Map.entry("apgd-t", apgd(Apgd.Variant.TARGETED_DLR)),
            Map.entry("square", within(LINF_OR_L2, _ -> Square.Settings.STANDARD, Square::new)),
            Map.entry("noise", within(ALL, _ -> AdditiveNoise.Settings.MODERN, AdditiveNoise::new)),
            Map.entry("deepfool", nearest(LINF_OR_L2, DeepFool.Settings.MODERN, DeepFool::new)),
            Map.entry("cw", nearest(L2, CarliniWagner.Settings.MODERN, (_, settings) -> new CarliniWagner(settings))),
            Map.entry("ddn", nearest(L2, Ddn.Settings.MODERN, (_, settings) -> new Ddn(settings))),
            Map.entry("fmn", nearest(LINF_OR_L2, Fmn.Settings.MODERN, Fmn::new)),
            Map.entry("fab", fab(false)),
            Map.entry("fab-t", fab(true)),
            Map.entry("boundary", nearest(L2, Boundary.Settings.MODERN, (_, settings) -> new Boundary(settings))),
            Map.entry("hopskipjump", nearest(LINF_OR_L2, HopSkipJump.Settings.MODERN, HopSkipJump::new)),
            Map.entry("spatial", nearest(List.of(), Spatial.Settings.MODERN, (_, settings) -> new Spatial(settings)))));

    private ModernProfile() {}

    /**
     * What is known of an attack before it is made.
     *
     * @param norms that it knows; empty if no norm describes it
     * @param needsBudget whether it works within a budget
     */
    private record Kind(List<Norm> norms, boolean needsBudget, Maker maker) {}

    /** Makes an attack; one that has no budget takes but the norm from it. */
    @FunctionalInterface
    private interface Maker {
        Attack make(ThreatModel budget, Map<String, String> changes);
    }

    private static <S extends Record> Kind within(
            List<Norm> norms, Function<Norm, S> defaults, BiFunction<ThreatModel, S, Attack> attack) {
        return new Kind(
                norms,
                true,
                (budget, changes) ->
                        attack.apply(budget, SettingsRecord.change(defaults.apply(budget.norm()), changes)));
    }

    private static <S extends Record> Kind nearest(List<Norm> norms, S defaults, BiFunction<Norm, S, Attack> attack) {
        return new Kind(
                norms,
                false,
                (budget, changes) -> attack.apply(budget.norm(), SettingsRecord.change(defaults, changes)));
    }

    private static Kind pgd(String name, Function<Norm, Pgd.Settings> defaults) {
        return within(ALL, defaults, (budget, settings) -> new Pgd(name, budget, settings));
    }

    private static Kind apgd(Apgd.Variant variant) {
        return within(
                LINF_OR_L2, _ -> Apgd.Settings.STANDARD, (budget, settings) -> new Apgd(variant, budget, settings));
    }

    private static Kind fab(boolean targeted) {
        return nearest(
                LINF_OR_L2,
                Fab.Settings.STANDARD,
                (norm, settings) ->
                        new Fab(targeted, Fab.nearest(targeted, norm).budget(), true, settings));
    }

    /** The names of all attacks, in alphabetical order. */
    public static List<String> names() {
        return List.copyOf(KINDS.keySet());
    }

    /** Whether there is an attack of this name. */
    public static boolean isKnown(String name) {
        return KINDS.containsKey(name);
    }

    /**
     * Whether the attack of this name works within a budget; the others look for the nearest adversarial point.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static boolean needsBudget(String name) {
        return kind(name).needsBudget;
    }

    /**
     * The norms that the attack of this name knows; none for {@code spatial}, which no norm describes.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static List<Norm> norms(String name) {
        return kind(name).norms;
    }

    /** An attack by its name, with its default settings; see {@link #attack(String, Norm, Optional, Map)}. */
    public static Attack attack(String name, Norm norm, Optional<Double> epsilon) {
        return attack(name, norm, epsilon, Map.of());
    }

    /**
     * An attack by its name.
     *
     * @param norm what is limited or minimised; {@code spatial} does not look at it
     * @param epsilon radius in the units of the pixels, for attacks that {@link #needsBudget}, and for no other
     * @param changes of its settings, by name, as typed
     * @throws IllegalArgumentException if there is no attack of this name, it does not know the norm or a setting, or the
     *     radius is missing or too much
     */
    public static Attack attack(String name, Norm norm, Optional<Double> epsilon, Map<String, String> changes) {
        Kind kind = kind(name);
        if (!kind.norms.isEmpty() && !kind.norms.contains(norm)) {
            throw new IllegalArgumentException("norm of %s must be %s, but is %s"
                    .formatted(
                            name,
                            String.join(
                                    " or ", kind.norms.stream().map(Norm::name).toList()),
                            norm));
        }
        if (kind.needsBudget && epsilon.isEmpty()) {
            throw new IllegalArgumentException(
                    "attack '" + name + "' needs a budget, but no epsilon was given; give one, such as 0.03");
        }
        if (!kind.needsBudget && epsilon.isPresent()) {
            throw new IllegalArgumentException("attack '" + name
                    + "' looks for the nearest adversarial point and has no budget, but epsilon is " + epsilon.get()
                    + "; leave it out");
        }
        return kind.maker.make(new ThreatModel(norm, epsilon.orElse(Double.POSITIVE_INFINITY)), changes);
    }

    private static Kind kind(String name) {
        Kind kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException(
                    "attack must be one of %s in the modern profile, but is '%s'; did you mean '%s'?"
                            .formatted(names(), name, Spelling.nearest(name, names())));
        }
        return kind;
    }
}
