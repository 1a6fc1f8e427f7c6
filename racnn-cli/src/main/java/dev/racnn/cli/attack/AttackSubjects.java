package dev.racnn.cli.attack;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.Criterion;
import dev.racnn.attack.GradientPath;
import dev.racnn.attack.JournalPlace;
import dev.racnn.evaluation.Scenario;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Subjects;
import dev.racnn.model.Classifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models of an attack.
 *
 * @param options what was asked for
 * @param subject what is attacked
 * @param source whose gradients there are; the same in Scenario 1
 * @param others what an attacker who knows the model has beside it
 */
record AttackSubjects(AttackOptions options, Subject subject, Subject source, List<Subject> others) {
    /** Opens the model, and what the scenario needs beside it. */
    static AttackSubjects open(Subjects subjects, Path model, AttackOptions options) throws IOException {
        subjects.open(model, List.of());
        Subject subject = subjects.all().getLast();
        options.checkTop(subject.classifier().classes());
        return switch (options.scenario()) {
            case WHITE_BOX -> new AttackSubjects(options, subject, subject, others(subjects, subject, options));
            case DIRECT -> new AttackSubjects(options, subject, subject, List.of());
            case TRANSFER, COMPOSITE ->
                new AttackSubjects(options, subject, source(subjects, subject, model, options), List.of());
        };
    }

    /** The surrogate of Scenario 2. */
    private static Subject source(Subjects subjects, Subject subject, Path model, AttackOptions options)
            throws IOException {
        Path surrogate = options.surrogate();
        if (surrogate != null) {
            subjects.open(surrogate, List.of());
            Subject other = subjects.all().getLast();
            requireAlike(subject.classifier(), other.classifier(), options);
            return other;
        }
        Subject own = subject.surrogate();
        if (own == null) {
            throw options.wrong("scenario 2 needs the bundle of a RaCNN, or --surrogate, but got only " + model);
        }
        return own;
    }

    /** All models of another bundle that have no retrieval. */
    private static List<Subject> others(Subjects subjects, Subject subject, AttackOptions options) throws IOException {
        Path surrogate = options.surrogate();
        if (surrogate == null) {
            return List.of();
        }
        int before = subjects.all().size();
        subjects.open(surrogate, List.of());
        List<Subject> others = subjects.all().stream()
                .skip(before)
                .filter(other -> other.retrieval() == null)
                .toList();
        others.forEach(other -> requireAlike(subject.classifier(), other.classifier(), options));
        return others;
    }

    /** Pixels and classes of the surrogate have to mean what they mean to the model. */
    private static void requireAlike(Classifier attacked, Classifier other, AttackOptions options) {
        if (attacked.classes() != other.classes() || !attacked.bounds().equals(other.bounds())) {
            throw options.wrong(
                    "surrogate must have the classes and bounds of the model, %s and [%s, %s], but has %s and [%s, %s]; choose another, or correct the bounds in its FILE.yaml"
                            .formatted(
                                    attacked.classes(),
                                    attacked.bounds().min(),
                                    attacked.bounds().max(),
                                    other.classes(),
                                    other.bounds().min(),
                                    other.bounds().max()));
        }
    }

    /** Whether the model is only shown what fooled the surrogate. */
    boolean isTransfer() {
        return options.scenario() == Scenario.TRANSFER;
    }

    /**
     * Who is attacked, and where gradients come from.
     *
     * @param journal where finished images are kept; null to keep none
     */
    AttackRunner runner(Criterion criterion, @Nullable Path journal) {
        Subject attacked = isTransfer() ? source : subject;
        return new AttackRunner(attacked.classifier())
                .withSearched(attacked.searched())
                .withGradients(gradients())
                .withCriterion(criterion)
                .withSeed(options.images().seed())
                .withJournal(journal == null ? null : new JournalPlace(journal, identity()));
    }

    private @Nullable GradientPath gradients() {
        if (options.scenario() == Scenario.WHITE_BOX) {
            return subject.whiteBox("autograd", others);
        }
        Classifier searched = source.searched();
        String name = options.scenario() == Scenario.DIRECT
                ? "autograd"
                : "autograd through the surrogate " + source.formula();
        return searched.differentiable() ? GradientPath.through(searched, name) : null;
    }

    /** What the results belong to. */
    private String identity() {
        if (!others.isEmpty()) {
            return subject.identity()
                    + others.stream()
                            .map(other -> ", beside " + other.identity())
                            .collect(Collectors.joining());
        }
        return isTransfer() || source.equals(subject)
                ? source.identity()
                : subject.identity() + " with gradients of " + source.identity();
    }
}
