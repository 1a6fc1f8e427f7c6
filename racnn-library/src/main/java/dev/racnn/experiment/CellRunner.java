package dev.racnn.experiment;

import dev.racnn.Progress;
import dev.racnn.Version;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.AttackSequence;
import dev.racnn.attack.Examples;
import dev.racnn.attack.HealthFlag;
import dev.racnn.attack.Outcome;
import dev.racnn.attack.SuiteResult;
import dev.racnn.data.Dataset;
import dev.racnn.data.Subset;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.CleanStudy;
import dev.racnn.evaluation.GalleryExample;
import dev.racnn.evaluation.NeighbourShift;
import dev.racnn.evaluation.Neighbourhoods;
import dev.racnn.evaluation.Retrieval;
import dev.racnn.evaluation.Sample;
import dev.racnn.evaluation.Scenario;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs cells. The images of a cell are one batch, so that its result does not hang on what was finished before, nor on which
 * process does it.
 *
 * @param plan of the experiment
 * @param attacks by their keys
 * @param subjects the models by name
 * @param test the test set
 * @param sample which of its images are attacked
 * @param cells where finished ones are
 * @param environment processor, threads, arithmetic and the like, by name
 * @param progress hears of every step
 */
record CellRunner(
        ExperimentPlan plan,
        Map<String, AttackSequence> attacks,
        Map<String, Subject> subjects,
        Dataset test,
        Sample sample,
        CellFolder cells,
        Map<String, String> environment,
        Consumer<Progress> progress) {
    /** The first images of the sample, among which those for the gallery are looked for. */
    private static final int GALLERY_IMAGES = 50;

    /** Runs a cell and keeps its result. */
    CellResult run(Cell cell) throws IOException {
        return switch (cell) {
            case Cell.Clean clean -> run(clean);
            case Cell.Attacked attacked -> run(attacked);
        };
    }

    private CellResult run(Cell.Clean cell) throws IOException {
        long begin = System.nanoTime();
        Subject subject = subject(cell.model().name());
        Dataset images = Subset.range(test, cell.from(), cell.images());
        CleanStudy study = CleanStudy.of(subject, images, plan.criterion());
        return keep(cell, begin, new CellResult.Clean(study.clean(), study.quality()), null);
    }

    private CellResult run(Cell.Attacked cell) throws IOException {
        long begin = System.nanoTime();
        Subject subject = subject(cell.model().name());
        Examples examples = sample.examples(
                test, cell.from(), cell.to(), subject.classifier().bounds());
        SuiteResult result;
        int neverAttacked = 0;
        if (cell.scenario() == Scenario.TRANSFER) {
            AttackResult made = madeOnSurrogate(cell, subject, examples);
            AttackResult shown = new Transfer(subject.classifier(), plan.criterion()).of(made, examples);
            neverAttacked = Transfer.neverAttacked(made, shown);
            result = SuiteResult.of(shown);
        } else {
            result = attack(cell).run(runner(cell, subject), examples);
        }
        if (serves(cell)) {
            // Before the cell itself: whoever finds that finished finds the points as well.
            cells.writePoints(
                    cell,
                    result.worstCase().outcomes().stream()
                            .<float @Nullable []>map(Outcome::adversarial)
                            .toList(),
                    examples.size().bytes());
        }
        return keep(cell, begin, null, summary(cell, subject, examples, result, neverAttacked));
    }

    private CellResult.Attacked summary(
            Cell.Attacked cell, Subject subject, Examples examples, SuiteResult result, int neverAttacked) {
        AttackResult worst = result.worstCase();
        NeighbourShift shift = null;
        List<GalleryExample> gallery = List.of();
        Retrieval retrieval = subject.retrieval();
        if (retrieval != null) {
            Neighbourhoods neighbourhoods = new Neighbourhoods(retrieval);
            shift = neighbourhoods.shift(worst, examples);
            if (cell.from() < GALLERY_IMAGES && cell.scenario() == Scenario.DIRECT) {
                gallery = neighbourhoods.gallery(worst, cell.scenario(), examples, plan.gallery());
            }
        }
        return new CellResult.Attacked(
                worst.gradientPath(),
                worst.criterion(),
                AttackEvaluation.settings(result),
                worst.outcomes().stream()
                        .map(outcome -> outcome.withPoint(null))
                        .toList(),
                neverAttacked,
                AttackEvaluation.Stage.of(result),
                result.flags().stream().map(HealthFlag::message).toList(),
                shift,
                gallery);
    }

    /** What the attack did to the surrogate: once for all models that it serves. */
    private AttackResult madeOnSurrogate(Cell.Attacked cell, Subject subject, Examples examples) throws IOException {
        String name = Objects.requireNonNull(subject.surrogate()).name();
        ModelSheet surrogate = plan.models().stream()
                .filter(sheet -> sheet.name().equals(name))
                .findFirst()
                .orElseThrow();
        Cell.Attacked made = new Cell.Attacked(surrogate, cell.attack(), Scenario.DIRECT, cell.from(), cell.to());
        if (!isFinished(made)) {
            run(made);
        }
        CellResult.Attacked attacked =
                Objects.requireNonNull(cells.read(made).orElseThrow().attacked());
        List<float @Nullable []> points = cells.readPoints(made);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            outcomes.add(attacked.outcomes().get(i).withPoint(points.get(i)));
        }
        AttackSequence attack = attack(cell);
        return new AttackResult(
                attack.name(),
                attack.attacks().getFirst().settings(),
                attack.threatModel(),
                attacked.criterion(),
                attacked.gradientPath(),
                plan.seed(),
                examples.size(),
                subject.classifier().bounds(),
                outcomes);
    }

    /** Whether a cell, and what other cells need of it, is there. */
    boolean isFinished(Cell cell) {
        return cells.has(cell)
                && (!(cell instanceof Cell.Attacked attacked)
                        || !serves(attacked)
                        || Files.exists(cells.pointsFile(cell)));
    }

    /** Whether Scenario 2 (a) of some model needs the points of this cell. */
    private boolean serves(Cell.Attacked cell) {
        return cell.attack().scenarios().contains(Scenario.TRANSFER)
                && plan.models().stream().anyMatch(model -> cell.model().name().equals(model.surrogate()));
    }

    private AttackRunner runner(Cell.Attacked cell, Subject subject) {
        return new AttackRunner(subject.classifier())
                .withSearched(subject.searched())
                .withGradients(subject.gradients(cell.scenario(), others()))
                .withCriterion(plan.criterion())
                .withBatchSize(cell.images())
                .withSeed(plan.seed())
                .withProgress(step -> progress.accept(
                        step.within("%s, %s".formatted(cell.model().name(), cell.title()))));
    }

    /** What an attacker may have beside a model. */
    private List<Subject> others() {
        return plan.withoutRetrieval().stream()
                .map(model -> subject(model.name()))
                .toList();
    }

    private CellResult keep(
            Cell cell, long begin, CellResult.@Nullable Clean clean, CellResult.@Nullable Attacked attacked)
            throws IOException {
        CellResult result = new CellResult(
                cell.heading(plan),
                Version.current(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                (System.nanoTime() - begin) / 1e9,
                environment,
                clean,
                attacked);
        cells.write(cell, result);
        return result;
    }

    private Subject subject(String name) {
        return Objects.requireNonNull(subjects.get(name), name);
    }

    private AttackSequence attack(Cell.Attacked cell) {
        return Objects.requireNonNull(
                attacks.get(cell.attack().key()), cell.attack().key());
    }
}
