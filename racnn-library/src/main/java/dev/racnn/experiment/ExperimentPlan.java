package dev.racnn.experiment;

import dev.racnn.Part;
import dev.racnn.adaptive.Member;
import dev.racnn.attack.Criterion;
import dev.racnn.evaluation.PublishedAccuracy;
import dev.racnn.evaluation.Scenario;
import dev.racnn.evaluation.Subject;
import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an experiment comes down to once its models are there: all that its results depend on, and all that reports say
 * beside them. It lies in the folder of the results, so that these can be joined and rendered without models and data.
 *
 * @param format version of this layout
 * @param title what is asked
 * @param data name of the data
 * @param testImages SHA-256 of the test set
 * @param testSize how many images it has
 * @param classNames name of every label
 * @param imageHeight in pixels
 * @param imageWidth in pixels
 * @param sample how the attacked images are chosen
 * @param seed of all random numbers
 * @param top an image counts as right if its label is among so many largest logits
 * @param gallery how many images of each RaCNN and attack to show
 * @param models in the order of the tables; a surrogate stands before the models that it serves
 * @param attacks in the order of the tables
 * @param published what the paper states
 */
public record ExperimentPlan(
        int format,
        String title,
        String data,
        String testImages,
        int testSize,
        List<String> classNames,
        int imageHeight,
        int imageWidth,
        String sample,
        long seed,
        int top,
        int gallery,
        List<ModelSheet> models,
        List<AttackSheet> attacks,
        List<PublishedAccuracy> published) {
    static final int FORMAT = 1;

    /** Name of the file in the folder of the results. */
    static final String FILE = "experiment.json";

    /** How often the images of every attack are gone on with. */
    private static final int ROUNDS = 5;

    /** Test images whose unperturbed answers make one cell. */
    private static final int CLEAN_BLOCK = 1000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public ExperimentPlan {
        classNames = List.copyOf(classNames);
        models = List.copyOf(models);
        attacks = List.copyOf(attacks);
        published = List.copyOf(published);
    }

    /**
     * All cells in the order in which they are best run, so that a stop after any of them leaves a useful table: in rounds, each
     * with a fifth of the images of every attack; in a round first what costs least for each row of the table, where Scenario 2
     * (a) is made once for all rows; all models alike.
     *
     * @param part whose share is wanted
     */
    List<Cell> cells(Part part) {
        List<Cell> cells = new ArrayList<>();
        int cleanBlocks = Math.ceilDiv(testSize, CLEAN_BLOCK);
        for (ModelSheet model : models) {
            for (int block = part.begin(cleanBlocks); block < part.end(cleanBlocks); block++) {
                cells.add(new Cell.Clean(model, block * CLEAN_BLOCK, Math.min(testSize, (block + 1) * CLEAN_BLOCK)));
            }
        }
        List<Cell.Attacked> attacked = new ArrayList<>();
        for (AttackSheet attack : attacks) {
            for (int block = part.begin(attack.blocks()); block < part.end(attack.blocks()); block++) {
                for (ModelSheet model : models) {
                    for (Scenario scenario : scenarios(model, attack)) {
                        attacked.add(new Cell.Attacked(
                                model,
                                attack,
                                scenario,
                                block * attack.batch(),
                                Math.min(attack.images(), (block + 1) * attack.batch())));
                    }
                }
            }
        }
        // The sort is stable, so that of equals the order above holds.
        attacked.sort(Comparator.<Cell.Attacked>comparingDouble(cell -> Math.ceil(ROUNDS * cell.share()))
                .thenComparing(cell -> !cell.isShared())
                .thenComparingDouble(
                        cell -> cell.attack().passes() * cell.attack().images())
                .thenComparingDouble(Cell.Attacked::share));
        cells.addAll(attacked);
        return cells;
    }

    /** Models that somebody who knows everything has beside a RaCNN; surrogates belong to the RaCNNs. */
    List<ModelSheet> withoutRetrieval() {
        return models.stream()
                .filter(model -> model.surrogate() == null && !model.formula().equals(Subject.SURROGATE))
                .toList();
    }

    /** The scenarios that have to be run for a model; Scenario 2 (b) of an attack without gradients is Scenario 1. */
    private List<Scenario> scenarios(ModelSheet model, AttackSheet attack) {
        if (model.surrogate() != null) {
            return attack.scenarios().stream()
                    .map(scenario -> scenario == Scenario.COMPOSITE && !attack.gradients() ? Scenario.DIRECT : scenario)
                    .distinct()
                    .sorted()
                    .toList();
        }
        if (Member.knowingAlone(attack.name())) {
            return List.of();
        }
        boolean onlyServes = model.formula().equals(Subject.SURROGATE)
                && models.stream().anyMatch(other -> model.name().equals(other.surrogate()));
        return onlyServes && !attack.scenarios().contains(Scenario.TRANSFER) ? List.of() : List.of(Scenario.DIRECT);
    }

    /** What counts as a success of an attack, and as a mistake on an unperturbed image. */
    Criterion criterion() {
        return Criterion.topK(top);
    }

    /** What results depend on and is not the same in another plan, in a few words; empty if there is nothing. */
    String difference(ExperimentPlan other) {
        if (!models.stream()
                .map(ModelSheet::identity)
                .toList()
                .equals(other.models.stream().map(ModelSheet::identity).toList())) {
            return "models";
        }
        if (!attacks.equals(other.attacks)) {
            return "attacks";
        }
        if (!testImages.equals(other.testImages)) {
            return "test images";
        }
        if (top != other.top) {
            return "numbers of answers that count";
        }
        return seed == other.seed && sample.equals(other.sample) ? "" : "seeds";
    }

    /**
     * Reads the plan in a folder of results.
     *
     * @throws IOException if there is none, or it is damaged or of another version
     */
    public static ExperimentPlan read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "%s holds no results of an experiment: it has no %s; make them with `racnn experiment run`"
                            .formatted(folder, FILE));
        }
        try {
            JsonNode tree = JSON.readTree(Files.readString(file));
            if (tree instanceof ObjectNode object) {
                // The first plans know one answer only.
                object.putIfAbsent("top", JSON.getNodeFactory().numberNode(1));
            }
            ExperimentPlan plan = JSON.treeToValue(tree, ExperimentPlan.class);
            if (plan.format != FORMAT) {
                throw new IOException("%s has format %s, but this version reads format %s; run the experiment anew"
                        .formatted(file, plan.format, FORMAT));
            }
            return plan;
        } catch (JacksonException e) {
            throw new IOException(
                    "%s is damaged: %s; run the experiment into another folder".formatted(file, e.getOriginalMessage()),
                    e);
        }
    }

    /** Writes the plan into a folder of results. */
    void write(Path folder) throws IOException {
        AtomicFile.write(
                folder.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + '\n');
    }
}
