package dev.racnn.evaluation;

import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that was measured about some models on the same images: what every report is rendered from. Accuracies are in
 * [0, 1].
 *
 * @param format version of this layout
 * @param title what was asked
 * @param version of the library that measured it
 * @param date of the measurement, ISO 8601
 * @param command that repeats it
 * @param complete whether every attack has been run
 * @param data where the images come from
 * @param classNames name of every label
 * @param imageHeight in pixels
 * @param imageWidth in pixels
 * @param testImages SHA-256 of the whole test set, hexadecimal, see {@link dev.racnn.data.Fingerprint}
 * @param sample how the attacked images were chosen
 * @param attacked how many images were attacked, by the attack that attacked most
 * @param suite name of the set of attacks
 * @param seed of all random numbers
 * @param environment processor, threads, arithmetic and the like, by name
 * @param models in the order of the tables, the baseline first
 * @param published what the paper states of these models
 */
public record Evaluation(
        int format,
        String title,
        String version,
        String date,
        String command,
        boolean complete,
        String data,
        List<String> classNames,
        int imageHeight,
        int imageWidth,
        String testImages,
        String sample,
        int attacked,
        String suite,
        long seed,
        Map<String, String> environment,
        List<ModelEvaluation> models,
        List<PublishedAccuracy> published) {
    /** The version that this class writes and reads. */
    public static final int FORMAT = 5;

    /** Name of the file in the folder of an evaluation. */
    public static final String FILE = "evaluation.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public Evaluation {
        classNames = List.copyOf(classNames);
        models = List.copyOf(models);
        published = List.copyOf(published);
    }

    /** Numbers of an image; the L2 norm of a perturbation is the square root of this times its normalised L2 distance. */
    public int dimension() {
        return 3 * imageHeight * imageWidth;
    }

    /**
     * Reads the evaluation in a folder.
     *
     * @throws IOException if there is none, or one of another format, or it is damaged
     */
    public static Evaluation read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException("%s holds no evaluation: it has no %s; make one with `racnn evaluate --out %s`"
                    .formatted(folder, FILE, folder));
        }
        try {
            JsonNode tree = JSON.readTree(Files.readString(file));
            int format = tree.path("format").asInt(-1);
            if (format != FORMAT) {
                throw new IOException("%s has format %s, but this version reads format %s; evaluate again"
                        .formatted(file, format, FORMAT));
            }
            return JSON.treeToValue(tree, Evaluation.class);
        } catch (JacksonException e) {
            throw new IOException("%s is damaged: %s; evaluate again".formatted(file, e.getOriginalMessage()), e);
        }
    }

    /** Writes the evaluation into a folder; an evaluation that stood there is replaced whole. */
    public void write(Path folder) throws IOException {
        AtomicFile.write(
                folder.resolve(FILE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + '\n');
    }
}
