package dev.racnn.experiment;

import dev.racnn.Part;
import dev.racnn.Spelling;
import dev.racnn.attack.Norm;
import dev.racnn.attack.ThreatModel;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.attack.catalogue.Attacks;
import dev.racnn.attack.catalogue.Profile;
import dev.racnn.attack.catalogue.Strength;
import dev.racnn.evaluation.PublishedAccuracy;
import dev.racnn.evaluation.Scenario;
import dev.racnn.evaluation.Settings;
import dev.racnn.racnn.HullWeights;
import dev.racnn.retrieval.EngineFactory;
import dev.racnn.training.SettingsFile;
import dev.racnn.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads experiments from YAML; {@code experiments/cifar10-table1.yaml} shows everything that a file can say. */
public final class ExperimentFile {
    private static final int BATCH = 50;
    private static final double PERCENT = 100;
    private static final String CLEAN = "clean";
    private static final String SCENARIO = "scenario";

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private final Path file;

    private ExperimentFile(Path file) {
        this.file = file;
    }

    /** The file, as it is written. */
    private record Content(
            @Nullable String title,
            boolean disjointHalves,
            long seed,
            @Nullable Integer top,
            @Nullable Integer gallery,
            @Nullable Map<String, Model> models,
            @Nullable List<Attack> attacks,
            @Nullable Map<String, Map<String, JsonNode>> paper) {}

    private record Model(
            @Nullable String bundle,
            @Nullable JsonNode settings,
            @Nullable String extractor,
            @Nullable String baseline,
            @Nullable String backbone,
            @Nullable String candidates,
            @Nullable String attacker,
            @Nullable Integer neighbours,
            @Nullable String engine,
            HullWeights.@Nullable Kind projection,
            boolean frozenNeighbours,
            @Nullable Boolean listed) {}

    private record Attack(
            @Nullable String attack,
            @Nullable Profile profile,
            @Nullable Norm norm,
            @Nullable String epsilon,
            @Nullable Map<String, String> set,
            int images,
            @Nullable Integer batch,
            @Nullable List<String> scenarios,
            @Nullable List<Double> msd) {}

    /**
     * Reads an experiment.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it does not state an experiment; the message names file, key and remedy
     */
    public static Experiment read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no such experiment");
        }
        try {
            Content content = YAML.readValue(Files.readString(file), Content.class);
            if (content == null) {
                throw new IllegalArgumentException("it is empty; experiments need models and attacks");
            }
            return new ExperimentFile(file).experiment(content);
        } catch (UnrecognizedPropertyException e) {
            List<String> known = e.getKnownPropertyIds() == null
                    ? List.of()
                    : e.getKnownPropertyIds().stream().map(Object::toString).toList();
            throw new IllegalArgumentException(
                    "%s: there is no setting '%s'; did you mean '%s'?"
                            .formatted(file, e.getPropertyName(), Spelling.nearest(e.getPropertyName(), known)),
                    e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s: %s"
                            .formatted(
                                    file,
                                    e.getOriginalMessage().lines().findFirst().orElse("not YAML")),
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private Experiment experiment(Content content) throws IOException {
        List<ModelEntry> models = new ArrayList<>();
        for (Map.Entry<String, Model> model : orEmpty(content.models).entrySet()) {
            models.add(model(model.getKey(), model.getValue()));
        }
        List<AttackEntry> attacks = content.attacks == null
                ? List.of()
                : content.attacks.stream().map(ExperimentFile::attack).toList();
        List<PublishedAccuracy> published = new ArrayList<>();
        orEmpty(content.paper).forEach((model, numbers) -> publish(model, numbers, attacks, published));
        return new Experiment(
                content.title == null ? name() : content.title,
                content.disjointHalves,
                content.seed,
                content.top == null ? 1 : content.top,
                content.gallery == null ? 2 : content.gallery,
                models,
                attacks,
                published);
    }

    /** The name of the file without its ending. */
    private String name() {
        return String.valueOf(file.getFileName()).replaceFirst("\\.[^.]+$", "");
    }

    private ModelEntry model(String name, Model model) throws IOException {
        try {
            return new ModelEntry(
                    name,
                    model.bundle == null
                            ? null
                            : file.resolveSibling(model.bundle).normalize(),
                    model.settings == null ? null : settings(model.settings, model.backbone != null),
                    model.extractor,
                    model.baseline,
                    model.backbone,
                    model.candidates == null ? Part.WHOLE : Part.parse(model.candidates),
                    model.attacker,
                    model.neighbours,
                    EngineFactory.parse(model.engine == null ? "exact" : model.engine),
                    model.projection == null ? HullWeights.Kind.LEARNED : model.projection,
                    model.frozenNeighbours,
                    model.listed == null || model.listed);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("model %s: %s".formatted(name, e.getMessage()), e);
        }
    }

    /** Settings of a training, as in a configuration file, or the name of such a file. */
    private TrainingSettings settings(JsonNode node, boolean frozen) throws IOException {
        Path named = node.isString() ? file.resolveSibling(node.asString()).normalize() : null;
        List<String> changes = new ArrayList<>();
        if (named == null) {
            Settings.flatten(node).forEach((name, value) -> changes.add(name + "=" + value));
        }
        return frozen ? SettingsFile.readFrozen(named, changes) : SettingsFile.read(named, changes);
    }

    private static AttackEntry attack(Attack attack) {
        if (attack.attack == null) {
            throw new IllegalArgumentException("each of the attacks must have a name: add attack: fgsm or another");
        }
        AttackKind kind = Attacks.named(attack.profile == null ? Profile.PAPER : attack.profile, attack.attack);
        return new AttackEntry(
                kind,
                attack.norm,
                attack.epsilon == null ? null : epsilon(attack.epsilon),
                orEmpty(attack.set),
                attack.images,
                attack.batch == null ? Math.min(BATCH, Math.max(1, attack.images)) : attack.batch,
                attack.scenarios == null
                        ? List.of(kind.strength() == Strength.ADAPTIVE ? Scenario.WHITE_BOX : Scenario.DIRECT)
                        : attack.scenarios.stream().map(Scenario::coded).toList(),
                attack.msd == null ? List.of() : attack.msd);
    }

    private static double epsilon(String text) {
        try {
            return ThreatModel.radius(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("epsilon " + e.getMessage(), e);
        }
    }

    /** The paper's numbers of one model, in percent; those of an attack in the order of its distances. */
    private static void publish(
            String model, Map<String, JsonNode> numbers, List<AttackEntry> attacks, List<PublishedAccuracy> published) {
        Scenario scenario = numbers.containsKey(SCENARIO)
                ? Scenario.coded(numbers.get(SCENARIO).asString())
                : Scenario.DIRECT;
        numbers.forEach((name, value) -> {
            if (name.equals(CLEAN)) {
                published.add(new PublishedAccuracy(model, scenario, "", 0, percent(model, name, value)));
            } else if (!name.equals(SCENARIO)) {
                List<Double> distances = attacks.stream()
                        .filter(attack -> attack.kind().name().equals(name))
                        .findFirst()
                        .map(AttackEntry::thresholds)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "paper, %s: '%s' must be clean, scenario, or one of the attacks above"
                                        .formatted(model, name)));
                if (value.size() != distances.size()) {
                    throw new IllegalArgumentException(
                            "paper, %s: %s must have a number for each of its %s distances, but has %s"
                                    .formatted(model, name, distances.size(), value.size()));
                }
                for (int i = 0; i < distances.size(); i++) {
                    published.add(new PublishedAccuracy(
                            model, scenario, name, distances.get(i), percent(model, name, value.get(i))));
                }
            }
        });
    }

    private static double percent(String model, String name, JsonNode value) {
        if (!value.isNumber()) {
            throw new IllegalArgumentException(
                    "paper, %s: %s must be a number in percent, but is %s".formatted(model, name, value));
        }
        return value.doubleValue() / PERCENT;
    }

    private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
        return map == null ? new LinkedHashMap<>() : map;
    }
}
