package dev.racnn.experiment;

import dev.racnn.Part;
import dev.racnn.attack.AttackResult;
import dev.racnn.attack.Outcome;
import dev.racnn.evaluation.AttackEvaluation;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.evaluation.ExampleOutcome;
import dev.racnn.evaluation.GalleryExample;
import dev.racnn.evaluation.ModelEvaluation;
import dev.racnn.evaluation.NeighbourQuality;
import dev.racnn.evaluation.NeighbourShift;
import dev.racnn.evaluation.Proportion;
import dev.racnn.evaluation.Scenario;
import dev.racnn.model.Bounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts the evaluation together of the cells that are done; which process did them, and when, makes no difference. */
final class Assembly {
    private final ExperimentPlan plan;
    private final String command;
    private final List<CellResult> results = new ArrayList<>();
    private final Map<Cell, CellResult> done = new LinkedHashMap<>();
    private final int cells;

    /**
     * @param command that repeats the experiment
     * @throws IllegalArgumentException if a cell belongs to something else
     */
    Assembly(CellFolder folder, String command) throws IOException {
        this.plan = folder.plan();
        this.command = command;
        List<Cell> all = plan.cells(Part.WHOLE);
        cells = all.size();
        for (Cell cell : all) {
            folder.read(cell).ifPresent(result -> {
                done.put(cell, result);
                results.add(result);
            });
        }
    }

    /** Whether there is anything to evaluate. */
    boolean isEmpty() {
        return results.isEmpty();
    }

    /** The evaluation so far; models of which no clean image has been answered are left out. */
    Evaluation evaluation() {
        List<ModelEvaluation> models = new ArrayList<>();
        for (ModelSheet model : plan.models()) {
            List<CellResult.Clean> clean = clean(model);
            if (!clean.isEmpty()) {
                models.add(evaluation(model, clean));
            }
        }
        int attacked = models.stream()
                .flatMap(model -> model.attacks().stream())
                .mapToInt(attack -> attack.examples().size())
                .max()
                .orElse(0);
        return new Evaluation(
                Evaluation.FORMAT,
                plan.title(),
                joined(results.stream().map(CellResult::version).toList()),
                results.stream()
                        .map(CellResult::date)
                        .max(Comparator.naturalOrder())
                        .orElse(""),
                command,
                results.size() == cells,
                plan.data(),
                plan.classNames(),
                plan.imageHeight(),
                plan.imageWidth(),
                plan.testImages(),
                plan.sample(),
                attacked,
                plan.title(),
                plan.seed(),
                environment(),
                models,
                plan.published());
    }

    private ModelEvaluation evaluation(ModelSheet model, List<CellResult.Clean> clean) {
        List<NeighbourQuality> qualities = clean.stream()
                .map(CellResult.Clean::quality)
                .filter(Objects::nonNull)
                .toList();
        List<AttackEvaluation> attacks = new ArrayList<>();
        List<GalleryExample> gallery = new ArrayList<>();
        for (AttackSheet attack : plan.attacks()) {
            for (Scenario scenario : Scenario.values()) {
                AttackEvaluation evaluation = evaluation(model, attack, scenario, gallery);
                if (evaluation != null) {
                    attacks.add(evaluation);
                }
            }
        }
        return new ModelEvaluation(
                model.name(),
                model.formula(),
                new Proportion(
                        clean.stream().mapToInt(part -> part.accuracy().count()).sum(),
                        clean.stream().mapToInt(part -> part.accuracy().n()).sum()),
                model.configuration(),
                model.training(),
                qualities.isEmpty() ? null : NeighbourQuality.together(qualities),
                attacks,
                gallery);
    }

    private List<CellResult.Clean> clean(ModelSheet model) {
        return done.entrySet().stream()
                .filter(entry -> entry.getKey().model().equals(model))
                .map(entry -> entry.getValue().clean())
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable AttackEvaluation evaluation(
            ModelSheet model, AttackSheet attack, Scenario scenario, List<GalleryExample> gallery) {
        // Without gradients, those of the surrogate change nothing: Scenario 2 (b) is Scenario 1.
        boolean same = scenario == Scenario.COMPOSITE
                && !attack.gradients()
                && model.surrogate() != null
                && attack.scenarios().contains(scenario);
        Scenario run = same ? Scenario.DIRECT : scenario;
        Map<Cell.Attacked, CellResult> parts = new LinkedHashMap<>();
        done.forEach((cell, result) -> {
            if (cell instanceof Cell.Attacked attacked
                    && attacked.model().equals(model)
                    && attacked.attack().equals(attack)
                    && attacked.scenario() == run) {
                parts.put(attacked, result);
            }
        });
        if (parts.isEmpty()) {
            return null;
        }
        List<CellResult.Attacked> attacked = parts.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> entry.getKey().from()))
                .map(entry -> Objects.requireNonNull(entry.getValue().attacked()))
                .toList();
        if (!same) {
            Set<Integer> classes = new HashSet<>();
            attacked.stream()
                    .flatMap(part -> part.gallery().stream())
                    .filter(example -> classes.add(example.label()))
                    .limit(plan.gallery())
                    .forEach(gallery::add);
        }
        List<Outcome> outcomes =
                attacked.stream().flatMap(part -> part.outcomes().stream()).toList();
        long asked = outcomes.stream().mapToLong(Outcome::gradientQueries).sum();
        long zero = outcomes.stream().mapToLong(Outcome::zeroGradients).sum();
        double zeroShare = asked == 0 ? 0 : (double) zero / asked;
        CellResult.Attacked first = attacked.getFirst();
        return new AttackEvaluation(
                attack.name(),
                scenario,
                first.gradientPath(),
                first.criterion(),
                first.settings(),
                attack.budget(),
                attack.thresholds(),
                outcomes.stream()
                        .map(outcome -> ExampleOutcome.of(outcome, Bounds.UNIT))
                        .toList(),
                zeroShare,
                AttackResult.isMasked(zeroShare),
                attacked.stream().mapToInt(CellResult.Attacked::neverAttacked).sum(),
                stages(attacked),
                attacked.stream()
                        .flatMap(part -> part.flags().stream())
                        .distinct()
                        .toList(),
                // What is remarked on a part holds for that part alone.
                List.of(),
                parts.values().stream().mapToDouble(CellResult::seconds).sum(),
                NeighbourShift.together(attacked.stream()
                        .map(CellResult.Attacked::neighbours)
                        .filter(Objects::nonNull)
                        .toList()));
    }

    /** The stages of all parts; those of a part end with the attack that leaves nothing of it. */
    private static List<AttackEvaluation.Stage> stages(List<CellResult.Attacked> parts) {
        Map<String, AttackEvaluation.Stage> stages = new LinkedHashMap<>();
        parts.stream()
                .sorted(Comparator.comparingInt(part -> -part.stages().size()))
                .flatMap(part -> part.stages().stream())
                .forEach(stage -> stages.merge(stage.attack(), stage, AttackEvaluation.Stage::and));
        return List.copyOf(stages.values());
    }

    /** What the cells were computed with; where several machines took part, all of them. */
    private Map<String, String> environment() {
        Map<String, TreeSet<String>> all = new LinkedHashMap<>();
        results.forEach(result -> result.environment()
                .forEach((name, value) ->
                        all.computeIfAbsent(name, _ -> new TreeSet<>()).add(value)));
        Map<String, String> environment = new LinkedHashMap<>();
        all.forEach((name, values) -> environment.put(name, String.join("; ", values)));
        double hours = results.stream().mapToDouble(CellResult::seconds).sum() / 3600;
        environment.put("hours of computing", String.format(Locale.ROOT, "%.1f", hours));
        return environment;
    }

    private static String joined(List<String> values) {
        return values.stream().distinct().sorted().collect(Collectors.joining(", "));
    }
}
