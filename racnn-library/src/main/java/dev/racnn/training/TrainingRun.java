package dev.racnn.training;

import dev.racnn.files.AtomicFile;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a training under way: a checkpoint for each stage and the log of all epochs. Both are replaced whole at
 * the end of an epoch, so that a process killed at any moment leaves the state after some epoch.
 */
final class TrainingRun {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String EPOCH = "epoch";
    private static final String STEPS = "steps";
    private static final String OPTIMISER = "optimiser.";
    private static final String CHECKPOINT = "checkpoint-";
    private static final String WEIGHTS = ".safetensors";

    private final Path folder;
    private final TrainingListener listener;
    private final List<EpochRecord> log = new ArrayList<>();

    /** @param folder the bundle that is being made */
    TrainingRun(Path folder, TrainingListener listener) throws IOException {
        this.folder = folder;
        this.listener = listener;
        log.addAll(TrainingLog.read(folder));
    }

    TrainingListener listener() {
        return listener;
    }

    List<EpochRecord> log() {
        return List.copyOf(log);
    }

    /** Loads the checkpoint of a stage if there is one; returns how many epochs of it are done. */
    int restore(Stage stage, Objective objective, Adam adam) throws IOException {
        Path file = checkpoint(folder, stage.toString());
        int epochs = 0;
        if (Files.exists(file)) {
            try (var _ = Scope.open()) {
                SafeTensors.Contents saved = SafeTensors.read(file);
                objective.networks().load(saved.tensors());
                Map<String, Tensor> moments = new LinkedHashMap<>();
                saved.tensors().forEach((name, tensor) -> {
                    if (name.startsWith(OPTIMISER)) {
                        moments.put(name.substring(OPTIMISER.length()), tensor);
                    }
                });
                adam.load(moments, Long.parseLong(saved.metadata().getOrDefault(STEPS, "0")));
                epochs = Integer.parseInt(saved.metadata().getOrDefault(EPOCH, "0"));
            }
            listener.phase("continuing %s after epoch %s".formatted(stage, epochs));
        }
        // The log is written before the checkpoint: a line whose checkpoint did not follow belongs to a lost epoch.
        int done = epochs;
        log.removeIf(record -> record.stage().equals(stage.toString()) && record.epoch() > done);
        return epochs;
    }

    /** Makes an epoch durable: first its log line, then its checkpoint. */
    void finishEpoch(EpochRecord record, Objective objective, Adam adam) throws IOException {
        log.add(record);
        StringBuilder lines = new StringBuilder();
        for (EpochRecord each : log) {
            lines.append(JSON.writeValueAsString(each)).append('\n');
        }
        AtomicFile.write(folder.resolve(TrainingLog.FILE), lines.toString());
        Map<String, Tensor> state = new LinkedHashMap<>(objective.networks().state());
        adam.state().forEach((name, tensor) -> state.put(OPTIMISER + name, tensor));
        SafeTensors.write(
                checkpoint(folder, record.stage()),
                state,
                Map.of(EPOCH, Integer.toString(record.epoch()), STEPS, Long.toString(adam.steps())));
        listener.epoch(record);
    }

    /** The checkpoint of a stage. */
    static Path checkpoint(Path folder, String stage) {
        return folder.resolve(CHECKPOINT + stage + WEIGHTS);
    }

    /** Whether a file of this name is one. */
    static boolean isCheckpoint(String name) {
        return name.startsWith(CHECKPOINT) && name.endsWith(WEIGHTS);
    }
}
