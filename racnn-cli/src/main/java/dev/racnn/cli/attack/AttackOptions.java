package dev.racnn.cli.attack;

import dev.racnn.attack.Criterion;
import dev.racnn.attack.Examples;
import dev.racnn.attack.Norm;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.AttackPlan;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.attack.catalogue.Strength;
import dev.racnn.cli.options.AttackedImages;
import dev.racnn.cli.options.EpsilonConverter;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.Sample;
import dev.racnn.evaluation.Scenario;
import dev.racnn.model.Classifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which attack is run on which images, in which scenario, and what counts as a success. */
final class AttackOptions {
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--attack",
            paramLabel = "NAME",
            required = true,
            description = "Which attack, for example fgsm; the list is below.")
    private String attack;

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            defaultValue = "paper",
            description =
                    "Whose semantics and settings: paper (Foolbox 2d468cb6), the default, or modern (Foolbox 3.3.4 and"
                            + " AutoAttack a392200).")
    private Profile profile;

    @Option(
            names = "--norm",
            paramLabel = "l0|l1|l2|linf",
            description = "Norm of the budgets and, in the modern profile, of what is limited or minimised; by default"
                    + " linf, or the only norm that the attack knows.")
    private @Nullable Norm norm;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            converter = EpsilonConverter.class,
            description =
                    "A budget at which robust accuracy is stated, such as 0.5 or 8/255, in the units of the pixels."
                            + " May be repeated; the examples in the result are those of the largest.")
    private List<Double> epsilons = List.of();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Changes a setting of the attack, such as steps=20 or restarts=5. May be repeated; the result"
                    + " lists all settings.")
    private Map<String, String> changes = Map.of();

    @Option(
            names = "--scenario",
            paramLabel = "1|2",
            defaultValue = "1",
            description =
                    "Whose gradients: 1 the model's own (default), 2 those of a RaCNN's surrogate g'(phi'(x)), or of"
                            + " --surrogate; the model itself decides either way.")
    private int scenario;

    @Option(
            names = "--transfer",
            description =
                    "Scenario 2 (a): the surrogate alone is attacked, and the model only shown the result. Without it"
                            + " Scenario 2 is (b), every point scored on the model.")
    private boolean transfer;

    @Option(
            names = "--surrogate",
            paramLabel = "MODEL",
            description =
                    "Where Scenario 2 takes its gradients from. For attacks of the adaptive suite, another model from"
                            + " which perturbations may transfer, such as the baseline.")
    private @Nullable Path surrogate;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "1",
            description = "An image is adversarial if its label is not among the K largest logits; 1 by default.")
    private int top;

    @Option(
            names = "--target",
            paramLabel = "CLASS",
            description = "Images shall be taken for this class, by name or number, or for a wrong class of their own:"
                    + " next, least-likely or random. Images of the class itself are left out.")
    private @Nullable String target;

    @Mixin
    private AttackedImages images;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many test images at most, 200 by default.")
    private int limit;

    AttackOptions() {}

    /** What is to be run. */
    AttackPlan plan() {
        return checked(() -> AttackPlan.of(kind(), norm, epsilons, changes));
    }

    /** Rules out what does not go together. */
    void check() {
        if (scenario != 1 && scenario != 2) {
            throw wrong("scenario must be 1 or 2, but is " + scenario);
        }
        if (transfer && scenario == 1) {
            throw wrong("--transfer is a form of Scenario 2, but the scenario is 1; add --scenario 2");
        }
        if (isKnowing() && scenario == 2) {
            throw wrong("attack '%s' knows the model from inside, but --scenario 2 was given; leave it out"
                    .formatted(attack));
        }
        if (target != null && top > 1) {
            throw wrong("--target and --top are two criteria, but both are given; leave one out");
        }
        Integer batch = images.batch();
        if ((batch != null && batch < 1) || top < 1 || limit < 1) {
            throw wrong("batch, top and limit must be at least 1, but are %s, %s and %s".formatted(batch, top, limit));
        }
    }

    /** Rules out that every answer counts as right. */
    void checkTop(int classes) {
        if (top >= classes) {
            throw wrong("top must be below the number of classes, %s, or nothing is adversarial, but is %s"
                    .formatted(classes, top));
        }
    }

    /** Who knows what. */
    Scenario scenario() {
        if (isKnowing()) {
            return Scenario.WHITE_BOX;
        }
        return scenario == 1 ? Scenario.DIRECT : transfer ? Scenario.TRANSFER : Scenario.COMPOSITE;
    }

    /** Name of the attack. */
    String attack() {
        return attack;
    }

    /** Whose semantics. */
    Profile profile() {
        return profile;
    }

    /** Another model that the attacker has; null for none. */
    @Nullable
    Path surrogate() {
        return surrogate;
    }

    /** Which images, and how many together. */
    AttackedImages images() {
        return images;
    }

    /** Which of the images may be attacked. */
    Sample sample(Dataset test) {
        return checked(() -> images.choice().from(test));
    }

    /** What counts as a success on which images. */
    Aim aim(Dataset test, Sample sample, Classifier classifier) {
        Examples all = sample.examples(test, 0, Math.min(limit, sample.size()), classifier.bounds());
        if (target == null) {
            return new Aim(all, Criterion.topK(top), 0);
        }
        AttackTarget aim = new AttackTarget(target, test.classNames());
        return checked(() -> {
            Examples others = aim.others(all);
            return new Aim(others, aim.criterion(classifier, others, images.seed()), all.count() - others.count());
        });
    }

    /**
     * Images, and what counts as a success on them.
     *
     * @param leftOut how many others are of the target class already
     */
    record Aim(Examples examples, Criterion criterion, int leftOut) {}

    /** An option that does not fit. */
    ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private boolean isKnowing() {
        return kind().strength() == Strength.ADAPTIVE;
    }

    private AttackKind kind() {
        return Attacks.named(profile, attack);
    }

    private <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
