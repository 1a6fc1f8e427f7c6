package dev.racnn.experiment;

import dev.racnn.files.AtomicFile;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finished cells, a file each, written whole or not at all; beside those of surrogates the adversarial points, which
 * Scenario 2 (a) shows to the models.
 *
 * @param folder of the experiment
 * @param plan that the cells belong to
 */
record CellFolder(Path folder, ExperimentPlan plan) {
    private static final String CELLS = "cells";
    private static final String POINTS = "points";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** The file of a cell. */
    Path file(Cell cell) {
        return folder.resolve(CELLS).resolve(cell.path() + ".json");
    }

    /** The file of the adversarial points of a cell. */
    Path pointsFile(Cell cell) {
        return folder.resolve(CELLS).resolve(cell.path() + ".safetensors");
    }

    boolean has(Cell cell) {
        return Files.exists(file(cell));
    }

    /**
     * The result of a cell, if it is finished.
     *
     * @throws IOException if the file is damaged
     * @throws IllegalArgumentException if it belongs to another model, attack, or images
     */
    Optional<CellResult> read(Cell cell) throws IOException {
        Path file = file(cell);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        CellResult result;
        try {
            result = parse(Files.readString(file));
        } catch (JacksonException e) {
            throw new IOException(
                    "%s is damaged: %s; delete it, and the same command makes it anew"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
        cell.heading(plan).forEach((name, value) -> {
            String had = result.heading().get(name);
            if (!value.equals(had)) {
                throw new IllegalArgumentException(
                        "%s was made with another %s: %s, not %s; choose another folder, or delete %s"
                                .formatted(file, name, had, value, file.getParent()));
            }
        });
        return Optional.of(result);
    }

    /** Of cells that were made before L0 was measured it is not known, and counts as infinite. */
    static CellResult parse(String text) {
        JsonNode tree = JSON.readTree(text);
        for (JsonNode outcome : tree.path("attacked").path("outcomes")) {
            if (outcome instanceof ObjectNode node && !node.has("l0")) {
                node.put("l0", Double.POSITIVE_INFINITY);
            }
        }
        return JSON.treeToValue(tree, CellResult.class);
    }

    void write(Cell cell, CellResult result) throws IOException {
        AtomicFile.write(file(cell), JSON.writeValueAsString(result) + '\n');
    }

    /** Keeps the points of a cell; NaN where the attack found none. */
    void writePoints(Cell cell, List<float @Nullable []> points, int numbers) throws IOException {
        float[] all = new float[points.size() * numbers];
        for (int i = 0; i < points.size(); i++) {
            float @Nullable [] point = points.get(i);
            if (point == null) {
                Arrays.fill(all, i * numbers, (i + 1) * numbers, Float.NaN);
            } else {
                System.arraycopy(point, 0, all, i * numbers, numbers);
            }
        }
        try (var _ = Scope.open()) {
            SafeTensors.write(pointsFile(cell), Map.of(POINTS, Tensors.of(all, points.size(), numbers)), Map.of());
        }
    }

    /** The points of a cell; null where the attack found none. */
    List<float @Nullable []> readPoints(Cell cell) throws IOException {
        try (var _ = Scope.open()) {
            Tensor tensor = SafeTensors.read(pointsFile(cell)).tensors().get(POINTS);
            if (tensor == null || tensor.size(0) != cell.images()) {
                throw new IOException("%s must hold %s points; delete it and %s, and the same command makes both anew"
                        .formatted(pointsFile(cell), cell.images(), file(cell).getFileName()));
            }
            int numbers = Math.toIntExact(tensor.size(1));
            float[] all = Tensors.toFloats(tensor);
            List<float @Nullable []> points = new ArrayList<>();
            for (int i = 0; i < cell.images(); i++) {
                points.add(
                        Float.isNaN(all[i * numbers]) ? null : Arrays.copyOfRange(all, i * numbers, (i + 1) * numbers));
            }
            return points;
        }
    }
}
