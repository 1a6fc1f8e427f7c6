package dev.racnn.attack.catalogue;

import dev.racnn.Spelling;
import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Norm;
import dev.racnn.attack.SettingsRecord;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.autoattack.Apgd;
import dev.racnn.attack.autoattack.AutoAttack;
import dev.racnn.attack.autoattack.Fab;
import dev.racnn.attack.autoattack.Square;
import dev.racnn.attack.modern.AdditiveNoise;
import dev.racnn.attack.modern.BrendelBethge;
import dev.racnn.attack.modern.CarliniWagner;
import dev.racnn.attack.modern.Ddn;
import dev.racnn.attack.modern.Ead;
import dev.racnn.attack.modern.Estimated;
import dev.racnn.attack.modern.Fmn;
import dev.racnn.attack.modern.GeoDa;
import dev.racnn.attack.modern.HopSkipJump;
import dev.racnn.attack.modern.Jsma;
import dev.racnn.attack.modern.MomentumFgsm;
import dev.racnn.attack.modern.Pgd;
import dev.racnn.attack.modern.SigmaZero;
import dev.racnn.attack.modern.Simba;
import dev.racnn.attack.modern.SparseFool;
import dev.racnn.attack.modern.SparseSearch;
import dev.racnn.attack.modern.Spatial;
import dev.racnn.attack.modern.Universal;
import dev.racnn.attack.paper.Fgsm;
import dev.racnn.attack.paper.Ifgsm;
import dev.racnn.attack.paper.Lbfgs;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The catalogue: every attack and every suite there is, those of the paper first, those of an {@link AttackSource} last. */
public final class Attacks {
    private static final List<Norm> ALL = List.of(Norm.LINF, Norm.L2, Norm.L1);
    private static final List<Norm> L1 = List.of(Norm.L1);
    private static final List<Norm> L0 = List.of(Norm.L0);
    private static final List<Norm> EVERY = List.of(Norm.LINF, Norm.L2, Norm.L1, Norm.L0);
    private static final List<Norm> LINF_OR_L2 = List.of(Norm.LINF, Norm.L2);
    private static final List<Norm> L2 = List.of(Norm.L2);

    private static final List<AttackKind> OWN = List.of(
            paper(
                    "boundary",
                    "Boundary",
                    Strength.WITHOUT_GRADIENTS,
                    dev.racnn.attack.paper.Boundary.Settings.PAPER,
                    dev.racnn.attack.paper.Boundary::new),
            untargeted(paper(
                    "deepfool",
                    "DeepFool",
                    Strength.ITERATED,
                    dev.racnn.attack.paper.DeepFool.Settings.PAPER,
                    dev.racnn.attack.paper.DeepFool::new)),
            paper("fgsm", "FGSM", Strength.SINGLE_STEP, Fgsm.Settings.PAPER, Fgsm::new),
            paper("ifgsm", "iFGSM", Strength.ITERATED, Ifgsm.Settings.PAPER, Ifgsm::new),
            paper("lbfgs", "L-BFGS", Strength.ITERATED, Lbfgs.Settings.PAPER, Lbfgs::new),
            apgd("apgd-ce", "APGD-CE", Apgd::crossEntropy),
            apgd("apgd-dlr", "APGD-DLR", Apgd::logitsRatio),
            apgd("apgd-t", "APGD-T", Apgd::targeted),
            suite("autoattack", "AutoAttack", AutoAttack.Version.STANDARD),
            suite("autoattack-plus", "AutoAttack plus", AutoAttack.Version.PLUS),
            suite("autoattack-rand", "AutoAttack rand", AutoAttack.Version.RAND),
            pgd("bim", "BIM", Strength.ITERATED, ALL, _ -> Pgd.Settings.BASIC),
            nearest("jsma", "JSMA", Strength.ITERATED, L0, Jsma.Settings.MODERN, (_, settings) -> new Jsma(settings)),
            momentum("di-fgsm", "DI-FGSM", MomentumFgsm.Settings.DIVERSE),
            momentum("mi-fgsm", "MI-FGSM", MomentumFgsm.Settings.MOMENTUM),
            momentum("ni-fgsm", "NI-FGSM", MomentumFgsm.Settings.NESTEROV),
            momentum("ti-fgsm", "TI-FGSM", MomentumFgsm.Settings.TRANSLATED),
            estimated("nes", "NES", Estimated.Kind.NES),
            estimated("spsa", "SPSA", Estimated.Kind.SPSA),
            nearest(
                    "boundary",
                    "Boundary",
                    Strength.WITHOUT_GRADIENTS,
                    L2,
                    dev.racnn.attack.modern.Boundary.Settings.MODERN,
                    (_, settings) -> new dev.racnn.attack.modern.Boundary(settings)),
            nearest(
                    "brendel-bethge",
                    "Brendel-Bethge",
                    Strength.ITERATED,
                    ALL,
                    BrendelBethge.Settings.MODERN,
                    BrendelBethge::new),
            nearest(
                    "cw",
                    "C&W",
                    Strength.ITERATED,
                    L2,
                    CarliniWagner.Settings.MODERN,
                    (_, settings) -> new CarliniWagner(settings)),
            nearest("ddn", "DDN", Strength.ITERATED, L2, Ddn.Settings.MODERN, (_, settings) -> new Ddn(settings)),
            untargeted(nearest(
                    "deepfool",
                    "DeepFool",
                    Strength.ITERATED,
                    LINF_OR_L2,
                    dev.racnn.attack.modern.DeepFool.Settings.MODERN,
                    dev.racnn.attack.modern.DeepFool::new)),
            fab("fab", "FAB", false),
            fab("fab-t", "FAB-T", true),
            nearest("ead", "EAD", Strength.ITERATED, L1, Ead.Settings.MODERN, (_, settings) -> new Ead(settings)),
            pgd("fgsm", "FGSM", Strength.SINGLE_STEP, ALL, _ -> Pgd.Settings.FAST),
            nearest("fmn", "FMN", Strength.ITERATED, EVERY, Fmn.Settings.MODERN, Fmn::new),
            nearest("geoda", "GeoDA", Strength.WITHOUT_GRADIENTS, LINF_OR_L2, GeoDa.Settings.MODERN, GeoDa::new),
            nearest(
                    "hopskipjump",
                    "HopSkipJump",
                    Strength.WITHOUT_GRADIENTS,
                    LINF_OR_L2,
                    HopSkipJump.Settings.MODERN,
                    HopSkipJump::new),
            within("noise", "noise", Strength.CHANCE, ALL, _ -> AdditiveNoise.Settings.MODERN, AdditiveNoise::new),
            pgd("pgd", "PGD", Strength.ITERATED, ALL, Pgd.Settings::projected),
            nearest(
                    "sigma-zero",
                    "sigma-zero",
                    Strength.ITERATED,
                    L0,
                    SigmaZero.Settings.MODERN,
                    (_, settings) -> new SigmaZero(settings)),
            within("simba", "SimBA", Strength.WITHOUT_GRADIENTS, LINF_OR_L2, Simba.Settings::standard, Simba::new),
            untargeted(nearest(
                    "sparsefool",
                    "SparseFool",
                    Strength.ITERATED,
                    List.of(Norm.L1, Norm.L0),
                    SparseFool.Settings.MODERN,
                    SparseFool::new)),
            pgd("sparse-l1-descent", "sparse L1 descent", Strength.ITERATED, L1, _ -> Pgd.Settings.BASIC),
            within(
                    "sparse-rs",
                    "Sparse-RS",
                    Strength.WITHOUT_GRADIENTS,
                    L0,
                    _ -> SparseSearch.Settings.MODERN,
                    SparseSearch::new),
            new AttackKind(
                    Profile.MODERN,
                    "universal",
                    "universal perturbation",
                    Strength.ITERATED,
                    LINF_OR_L2,
                    true,
                    true,
                    true,
                    (budget, changes) ->
                            new Universal(budget, SettingsRecord.change(Universal.Settings.MODERN, changes))),
            nearest(
                    "spatial",
                    "spatial",
                    Strength.CHANCE,
                    List.of(),
                    Spatial.Settings.MODERN,
                    (_, settings) -> new Spatial(settings)),
            within("square", "Square", Strength.WITHOUT_GRADIENTS, ALL, _ -> Square.Settings.STANDARD, Square::new));

    private static final List<AttackKind> KINDS = Stream.concat(
                    OWN.stream(),
                    ServiceLoader.load(AttackSource.class, Attacks.class.getClassLoader()).stream()
                            .flatMap(source -> source.get().kinds().stream()))
            .toList();

    private Attacks() {}

    /** Everything there is. */
    public static List<AttackKind> all() {
        return KINDS;
    }

    /** Everything that a profile has. */
    public static List<AttackKind> of(Profile profile) {
        return KINDS.stream().filter(kind -> kind.profile() == profile).toList();
    }

    /**
     * The attack or suite of a name.
     *
     * @throws IllegalArgumentException if the profile has none of this name
     */
    public static AttackKind named(Profile profile, String name) {
        return of(profile).stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(profile, name));
    }

    /** How the literature writes the name of an attack; names that are in no profile stay as they are. */
    public static String title(String name) {
        return KINDS.stream()
                .filter(kind -> kind.name().equals(name))
                .map(AttackKind::title)
                .findFirst()
                .orElse(name);
    }

    private static IllegalArgumentException unknown(Profile profile, String name) {
        for (Profile other : Profile.values()) {
            if (names(other).contains(name)) {
                return new IllegalArgumentException(
                        "attack '%s' is of the %s profile; add --profile %s".formatted(name, other, other));
            }
        }
        List<String> names = names(profile);
        return new IllegalArgumentException(
                "attack must be one of %s in the %s profile, but is '%s'; did you mean '%s'?"
                        .formatted(names, profile, name, Spelling.nearest(name, names)));
    }

    private static List<String> names(Profile profile) {
        return of(profile).stream().map(AttackKind::name).toList();
    }

    private static <S extends Record> AttackKind paper(
            String name, String title, Strength strength, S defaults, Function<S, Attack> attack) {
        AttackKind.Maker maker =
                (_, changes) -> AttackSequence.of(attack.apply(SettingsRecord.change(defaults, changes)));
        return new AttackKind(Profile.PAPER, name, title, strength, L2, false, true, false, maker);
    }

    private static <S extends Record> AttackKind within(
            String name,
            String title,
            Strength strength,
            List<Norm> norms,
            Function<Norm, S> defaults,
            BiFunction<ThreatModel, S, Attack> attack) {
        AttackKind.Maker maker = (budget, changes) ->
                AttackSequence.of(attack.apply(budget, SettingsRecord.change(defaults.apply(budget.norm()), changes)));
        return new AttackKind(Profile.MODERN, name, title, strength, norms, true, true, false, maker);
    }

    private static <S extends Record> AttackKind nearest(
            String name,
            String title,
            Strength strength,
            List<Norm> norms,
            S defaults,
            BiFunction<Norm, S, Attack> attack) {
        AttackKind.Maker maker = (budget, changes) ->
                AttackSequence.of(attack.apply(budget.norm(), SettingsRecord.change(defaults, changes)));
        return new AttackKind(Profile.MODERN, name, title, strength, norms, false, true, false, maker);
    }

    private static AttackKind pgd(
            String name, String title, Strength strength, List<Norm> norms, Function<Norm, Pgd.Settings> defaults) {
        return within(name, title, strength, norms, defaults, (budget, settings) -> new Pgd(name, budget, settings));
    }

    private static AttackKind momentum(String name, String title, MomentumFgsm.Settings defaults) {
        return within(
                name,
                title,
                Strength.ITERATED,
                LINF_OR_L2,
                _ -> defaults,
                (budget, settings) -> new MomentumFgsm(name, budget, settings));
    }

    private static AttackKind estimated(String name, String title, Estimated.Kind kind) {
        return within(
                name,
                title,
                Strength.WITHOUT_GRADIENTS,
                LINF_OR_L2,
                _ -> Estimated.Settings.STANDARD,
                (budget, settings) -> new Estimated(kind, budget, settings));
    }

    private static AttackKind apgd(String name, String title, BiFunction<ThreatModel, Apgd.Settings, Attack> attack) {
        return within(name, title, Strength.ITERATED, ALL, _ -> Apgd.Settings.STANDARD, attack);
    }

    private static AttackKind fab(String name, String title, boolean targeted) {
        return nearest(
                name,
                title,
                Strength.ITERATED,
                ALL,
                Fab.Settings.STANDARD,
                (norm, settings) ->
                        new Fab(targeted, Fab.nearest(targeted, norm).budget(), true, settings));
    }

    private static AttackKind suite(String name, String title, AutoAttack.Version version) {
        return new AttackKind(
                Profile.MODERN, name, title, Strength.ITERATED, ALL, true, true, true, (budget, changes) -> {
                    if (!changes.isEmpty()) {
                        throw new IllegalArgumentException(
                                "'%s' is a suite whose settings are fixed, but --set changes %s; change those of one of its attacks, such as apgd-ce"
                                        .formatted(name, changes.keySet()));
                    }
                    return new AutoAttack(version, budget);
                });
    }

    private static AttackKind untargeted(AttackKind kind) {
        return new AttackKind(
                kind.profile(),
                kind.name(),
                kind.title(),
                kind.strength(),
                kind.norms(),
                kind.needsBudget(),
                false,
                kind.isSuite(),
                kind.maker());
    }
}
