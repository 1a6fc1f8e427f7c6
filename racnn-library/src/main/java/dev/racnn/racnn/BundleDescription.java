package dev.racnn.racnn;

import dev.racnn.data.ImageSize;
import dev.racnn.data.Preprocessing;
import dev.racnn.files.AtomicFile;
import dev.racnn.model.Architecture;
import dev.racnn.model.Frozen;
import dev.racnn.racnn.ConvexHullProjection.Attention;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a bundle holds, as {@code bundle.json} states it.
 *
 * @param format version of the layout of the folder
 * @param kind which model it is
 * @param classNames name of every label, in order
 * @param preprocessing what the images of the model are made by
 * @param architecture which networks
 * @param precision format of the arithmetic that it was trained in
 * @param neighbours K that it was trained with
 * @param key which numbers retrieval compares
 * @param engine which retrieval engine, as {@link dev.racnn.retrieval.EngineFactory#parse} reads it
 * @param attention how neighbours are weighed
 * @param testAccuracy clean accuracy at the end of training, in [0, 1]
 * @param testImages how many images that accuracy was measured on
 * @param weightsSha256 checksum of the weights file, hexadecimal
 * @param writtenBy version of this software that wrote the bundle; null in bundles from before it was noted
 * @param provenance what the bundle was made from; null in bundles from before it was noted
 */
public record BundleDescription(
        int format,
        Kind kind,
        List<String> classNames,
        Preprocessing preprocessing,
        Architecture architecture,
        Precision precision,
        int neighbours,
        KeyKind key,
        String engine,
        Attention attention,
        double testAccuracy,
        int testImages,
        String weightsSha256,
        @Nullable String writtenBy,
        @Nullable Provenance provenance) {
    /** The version that this class writes and reads. */
    public static final int FORMAT = 1;

    /** Name of the file in a bundle. */
    public static final String FILE = "bundle.json";

    /** What the first bundles of this format lack. */
    private static final List<String> NOTED_LATER = List.of("writtenBy", "provenance");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    public BundleDescription {
        classNames = List.copyOf(classNames);
        if (precision == Precision.AUTO) {
            throw new IllegalArgumentException("precision of a bundle must be fp32 or bf16, but is auto");
        }
    }

    /** Which model a bundle holds. */
    public enum Kind {
        /** g(phi(x)). */
        BASELINE,
        /** phi, g and U around retrieval with phi'. */
        RACNN
    }

    /**
     * Reads the description of a bundle.
     *
     * @throws IOException if the folder is no bundle, or one of another format
     */
    public static BundleDescription read(Path bundle) throws IOException {
        Path file = bundle.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "%s is not a bundle: it has no %s; was its training finished?".formatted(bundle, FILE));
        }
        try {
            JsonNode tree = JSON.readTree(Files.readString(file));
            int format = tree.path("format").asInt(-1);
            if (format != FORMAT) {
                throw new IOException("%s has format %s, but this version reads format %s; train it again"
                        .formatted(bundle, format, FORMAT));
            }
            if (tree instanceof ObjectNode description) {
                NOTED_LATER.forEach(name -> description.putIfAbsent(name, JSON.nullNode()));
                if (description.get("provenance") instanceof ObjectNode origin) {
                    origin.putIfAbsent("baseline", JSON.nullNode());
                }
                statePreprocessing(description);
                nameArchitecture(description);
            }
            return JSON.treeToValue(tree, BundleDescription.class);
        } catch (JacksonException e) {
            throw new IOException("%s is damaged: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    /** The first bundles state a size alone, to which images were averaged. */
    private static void statePreprocessing(ObjectNode description) {
        JsonNode size = description.remove("imageSize");
        if (size != null) {
            Preprocessing area = Preprocessing.area(JSON.treeToValue(size, ImageSize.class));
            description.putIfAbsent("preprocessing", JSON.valueToTree(area));
        }
    }

    /** Bundles of version 0.1 hold the paper's networks and state only which variant. */
    private static void nameArchitecture(ObjectNode description) {
        JsonNode finalMap = description.remove("finalMap");
        if (finalMap != null && !description.has("architecture")) {
            description.putObject("architecture").put("name", "paper").set("finalMap", finalMap);
        }
    }

    /**
     * Checks that images have the classes of the model, in the same order: a label is a place in that list.
     *
     * @throws IllegalArgumentException if they have not
     */
    public void requireClasses(List<String> ofImages) {
        if (!ofImages.equals(classNames)) {
            throw new IllegalArgumentException(
                    "classes of the images must be those of the model, %s, but are %s; use images of these classes or train a model on yours"
                            .formatted(classNames, ofImages));
        }
    }

    /** Checksum of what keys and features are computed by: a frozen phi is not that of the weights trained around it. */
    public String extractorSha256() {
        Provenance.Source frozen = provenance == null ? null : provenance.extractor();
        return architecture instanceof Frozen && frozen != null ? frozen.weightsSha256() : weightsSha256;
    }

    /** Height and width of the images that the model takes. */
    public ImageSize imageSize() {
        return preprocessing.imageSize();
    }

    /** The same bundle with another retrieval engine. */
    public BundleDescription withEngine(String other) {
        return with(other, weightsSha256);
    }

    /** The same with other weights. */
    BundleDescription withWeights(String sha256) {
        return with(engine, sha256);
    }

    private BundleDescription with(String otherEngine, String sha256) {
        return new BundleDescription(
                format,
                kind,
                classNames,
                preprocessing,
                architecture,
                precision,
                neighbours,
                key,
                otherEngine,
                attention,
                testAccuracy,
                testImages,
                sha256,
                writtenBy,
                provenance);
    }

    /** Writes the description; its presence marks a bundle as complete. */
    public void write(Path bundle) throws IOException {
        AtomicFile.write(
                bundle.resolve(FILE),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + System.lineSeparator());
    }
}
