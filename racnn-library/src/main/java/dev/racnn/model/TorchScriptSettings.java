package dev.racnn.model;

import dev.racnn.data.ImageSize;
import dev.racnn.data.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What a TorchScript file does not say about itself.
 *
 * @param outputs how many numbers the model returns for an image, at least 2
 * @param mean of each channel, subtracted from the pixels; empty for a model that normalises by itself
 * @param std of each channel, by which the pixels are then divided; as long as {@code mean}
 * @param bounds of the pixels before normalisation
 * @param labelMap the model's output for each class of the data set, all different; empty if they are the same
 * @param imageSize of the images that the model takes; null if it takes them as they are
 * @param resize pixels of the short side before the centre of {@code imageSize} is cut out; null for the long side of that
 * @param output which of several outputs is meant, by place ({@code 1}) or name; null for the one whose shape fits
 */
public record TorchScriptSettings(
        int outputs,
        List<Double> mean,
        List<Double> std,
        Bounds bounds,
        List<Integer> labelMap,
        @Nullable ImageSize imageSize,
        @Nullable Integer resize,
        @Nullable String output) {
    private static final List<String> ENDINGS = List.of(".yaml", ".yml");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public TorchScriptSettings {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        labelMap = List.copyOf(labelMap);
        if (outputs < 2) {
            throw new IllegalArgumentException("outputs must be at least 2, but is " + outputs);
        }
        if (mean.size() != std.size() || (!mean.isEmpty() && mean.size() != ImageSize.CHANNELS)) {
            throw new IllegalArgumentException(
                    "mean and std must both have 3 numbers, or both none, but are " + mean + " and " + std);
        }
        if (!Stream.concat(mean.stream(), std.stream()).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("mean and std must be finite, but are " + mean + " and " + std);
        }
        for (double deviation : std) {
            if (!(deviation > 0)) {
                throw new IllegalArgumentException("std must be positive, but is " + std);
            }
        }
        for (int place : labelMap) {
            if (place < 0 || place >= outputs) {
                throw new IllegalArgumentException(
                        "labelMap must hold outputs from 0 to " + (outputs - 1) + ", but holds " + place);
            }
        }
        if (resize != null) {
            if (imageSize == null) {
                throw new IllegalArgumentException("resize must stand beside an imageSize, but there is none");
            }
            preprocessing(imageSize, resize);
        }
        if (new HashSet<>(labelMap).size() != labelMap.size() || labelMap.size() == 1) {
            throw new IllegalArgumentException("labelMap must hold at least two different outputs, but is " + labelMap);
        }
    }

    /** A model that takes pixels in [0, 1] as they are and returns one logit for each class. */
    public static TorchScriptSettings plain(int classes) {
        return new TorchScriptSettings(classes, List.of(), List.of(), Bounds.UNIT, List.of(), null, null, null);
    }

    /** What images of any size are made by; nothing if the model takes them as they are. */
    public Optional<Preprocessing> preprocessing() {
        return imageSize == null ? Optional.empty() : Optional.of(preprocessing(imageSize, resize));
    }

    private static Preprocessing preprocessing(ImageSize size, @Nullable Integer resize) {
        return resize == null
                ? Preprocessing.bilinear(size)
                : new Preprocessing(size, resize, Preprocessing.Resampling.BILINEAR);
    }

    /**
     * What the images of a feature extractor are made by.
     *
     * @param file which these are the settings of
     * @throws IOException if they do not say
     */
    public Preprocessing requirePreprocessing(Path file) throws IOException {
        return preprocessing()
                .orElseThrow(() -> new IOException(
                        "%s: a backbone must state the size of its images; add `imageSize: 224`, or whatever it takes, to the YAML file beside it"
                                .formatted(file)));
    }

    /** Number of classes after the label map. */
    public int classes() {
        return labelMap.isEmpty() ? outputs : labelMap.size();
    }

    /**
     * The settings of a model: those of the file of the same name with the ending {@code .yaml} or {@code .yml} beside it, or
     * plain ones if there is none.
     *
     * @param model the TorchScript file
     * @param classes the number of outputs if no file says
     * @throws IOException as {@link #read}, or if there are files with both endings
     */
    public static TorchScriptSettings beside(Path model, int classes) throws IOException {
        String name = String.valueOf(model.getFileName()).replaceFirst("\\.[^.]+$", "");
        List<Path> found = ENDINGS.stream()
                .map(ending -> model.resolveSibling(name + ending))
                .filter(Files::exists)
                .toList();
        if (found.size() > 1) {
            throw new IOException("%s and %s both give settings of %s; remove one"
                    .formatted(found.get(0), found.get(1), model.getFileName()));
        }
        return found.isEmpty() ? plain(classes) : read(found.getFirst(), classes);
    }

    /**
     * Reads settings from a YAML file with the keys {@code outputs}, {@code mean}, {@code std}, {@code bounds} (two numbers),
     * {@code labelMap}, {@code imageSize} (one number, or height and width), {@code resize} and {@code output}; a key that is missing keeps
     * its plain value.
     *
     * @param classes the number of outputs if the file does not say
     * @throws IOException if the file cannot be read, or holds an unknown key or a wrong value
     */
    public static TorchScriptSettings read(Path yaml, int classes) throws IOException {
        try {
            JsonNode tree = YAML.readTree(yaml.toFile());
            if (tree.isMissingNode() || tree.isNull()) {
                return plain(classes);
            }
            Keys keys = YAML.treeToValue(tree, Keys.class);
            if (keys.bounds != null && keys.bounds.size() != 2) {
                throw new IllegalArgumentException("bounds must be two numbers, but are " + keys.bounds);
            }
            return new TorchScriptSettings(
                    keys.outputs == null ? classes : keys.outputs,
                    keys.mean == null ? List.of() : keys.mean,
                    keys.std == null ? List.of() : keys.std,
                    keys.bounds == null ? Bounds.UNIT : new Bounds(keys.bounds.get(0), keys.bounds.get(1)),
                    keys.labelMap == null ? List.of() : keys.labelMap,
                    keys.imageSize == null ? null : size(keys.imageSize),
                    keys.resize,
                    keys.output);
        } catch (JacksonException e) {
            throw new IOException(yaml + ": " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(yaml + ": " + e.getMessage(), e);
        }
    }

    private static ImageSize size(JsonNode node) {
        if (node.isInt()) {
            return new ImageSize(node.asInt(), node.asInt());
        }
        if (node.size() == 2 && node.get(0).isInt() && node.get(1).isInt()) {
            return new ImageSize(node.get(0).asInt(), node.get(1).asInt());
        }
        throw new IllegalArgumentException("imageSize must be a number of pixels, or height and width, but is " + node);
    }

    private record Keys(
            @Nullable Integer outputs,
            @Nullable List<Double> mean,
            @Nullable List<Double> std,
            @Nullable List<Double> bounds,
            @Nullable List<Integer> labelMap,
            @Nullable JsonNode imageSize,
            @Nullable Integer resize,
            @Nullable String output) {}
}
