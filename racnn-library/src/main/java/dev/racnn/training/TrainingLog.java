package dev.racnn.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The log of a training as JSON lines, one an epoch. */
public final class TrainingLog {
    /** Name of the log in a bundle. */
    public static final String FILE = "training-log.jsonl";

    private static final JsonMapper JSON = JsonMapper.shared();

    private TrainingLog() {}

    /**
     * The epochs of a bundle, in order; none if it has no log.
     *
     * @throws IOException if a line is not a record of an epoch
     */
    public static List<EpochRecord> read(Path bundle) throws IOException {
        Path file = bundle.resolve(FILE);
        List<EpochRecord> records = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                try {
                    records.add(JSON.readValue(line, EpochRecord.class));
                } catch (JacksonException e) {
                    throw new IOException(
                            "%s is damaged: %s; restore it from a copy".formatted(file, e.getOriginalMessage()), e);
                }
            }
        }
        return records;
    }
}
