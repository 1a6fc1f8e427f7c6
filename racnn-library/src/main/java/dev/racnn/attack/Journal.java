package dev.racnn.attack;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finished examples of an attack as JSON lines, so that an interrupted run can go on: one heading that names everything
 * the results depend on, then one line an example, with its target if it has one. Adversarial pixels are float32, little-endian, in Base64. A last line that an
 * interruption cut off is dropped.
 */
final class Journal implements AutoCloseable {
    private static final String TARGET = "target";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Criterion criterion;
    private final List<Outcome> finished;
    private final @Nullable Writer writer;

    private Journal(Criterion criterion, List<Outcome> finished, @Nullable Writer writer) {
        this.criterion = criterion;
        this.finished = finished;
        this.writer = writer;
    }

    /**
     * Opens a journal to read what is finished and to add to it.
     *
     * @param file null for a journal that keeps nothing
     * @param criterion which knows the target of each example
     * @throws IllegalArgumentException if the file has another heading, or an example another target
     */
    static Journal open(@Nullable Path file, String heading, Criterion criterion) throws IOException {
        if (file == null) {
            return new Journal(criterion, List.of(), null);
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": the journal must be a file, but is a folder; give a file in it");
        }
        List<Outcome> finished = new ArrayList<>();
        boolean fresh = !Files.exists(file) || !resume(file, heading, criterion, finished);
        Writer writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (fresh) {
            writer.write(JSON.writeValueAsString(JSON.createObjectNode().put("attack", heading)));
            writer.write('\n');
            writer.flush();
        }
        return new Journal(criterion, finished, writer);
    }

    /** The examples that were finished when the journal was opened. */
    List<Outcome> finished() {
        return finished;
    }

    /** Adds finished examples; they are in the file when this returns. */
    void add(List<Outcome> outcomes) throws IOException {
        if (writer != null) {
            for (Outcome outcome : outcomes) {
                ObjectNode line = write(outcome);
                criterion.target(outcome.label(), outcome.index()).ifPresent(target -> line.put(TARGET, target));
                writer.write(JSON.writeValueAsString(line));
                writer.write('\n');
            }
            writer.flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }

    /** Reads the whole lines of a journal and cuts off the rest; false if there is not even a heading. */
    private static boolean resume(Path file, String heading, Criterion criterion, List<Outcome> finished)
            throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        if (whole < bytes.length) {
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
        }
        List<String> lines =
                new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().toList();
        if (lines.isEmpty()) {
            return false;
        }
        try {
            String found = JSON.readTree(lines.getFirst()).path("attack").asString("");
            if (!found.equals(heading)) {
                throw new IllegalArgumentException(file + ": the journal must be of the attack '" + heading
                        + "', but is of '" + found + "'; give another file, or delete this one");
            }
            for (String line : lines.subList(1, lines.size())) {
                JsonNode node = JSON.readTree(line);
                Outcome outcome = read(node);
                requireTarget(file, node, criterion.target(outcome.label(), outcome.index()));
                finished.add(outcome);
            }
        } catch (JacksonException e) {
            throw new IOException(file + ": not a journal of an attack (" + e.getOriginalMessage() + "); delete it", e);
        }
        return true;
    }

    private static void requireTarget(Path file, JsonNode node, OptionalInt wanted) {
        OptionalInt found = node.has(TARGET) ? OptionalInt.of(node.path(TARGET).asInt()) : OptionalInt.empty();
        if (!found.equals(wanted)) {
            throw new IllegalArgumentException(
                    "%s: the target of example %s must be %s, but the journal attacked it towards %s; give another file, or delete this one"
                            .formatted(file, node.path("index").asInt(), name(wanted), name(found)));
        }
    }

    private static String name(OptionalInt target) {
        return target.isPresent() ? "class " + target.getAsInt() : "any wrong class";
    }

    private static ObjectNode write(Outcome outcome) {
        ObjectNode node = JSON.createObjectNode()
                .put("index", outcome.index())
                .put("label", outcome.label())
                .put("clean_prediction", outcome.cleanPrediction())
                .put("success", outcome.success())
                .put("forward_queries", outcome.forwardQueries())
                .put("gradient_queries", outcome.gradientQueries())
                .put("zero_gradients", outcome.zeroGradients())
                .put("unconfirmed", outcome.unconfirmed());
        if (outcome.adversarial() != null) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(4 * outcome.adversarial().length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(outcome.adversarial());
            node.put("msd", outcome.msd())
                    .put("l1", outcome.l1())
                    .put("l2", outcome.l2())
                    .put("linf", outcome.linf())
                    .put("adversarial", Base64.getEncoder().encodeToString(bytes.array()));
        }
        return node;
    }

    private static Outcome read(JsonNode node) {
        float @Nullable [] adversarial = null;
        if (node.has("adversarial")) {
            byte[] bytes = Base64.getDecoder().decode(node.path("adversarial").asString());
            adversarial = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(adversarial);
        }
        return new Outcome(
                node.path("index").asInt(),
                node.path("label").asInt(),
                node.path("clean_prediction").asInt(),
                node.path("success").asBoolean(),
                node.path("msd").asDouble(Double.POSITIVE_INFINITY),
                node.path("l1").asDouble(Double.POSITIVE_INFINITY),
                node.path("l2").asDouble(Double.POSITIVE_INFINITY),
                node.path("linf").asDouble(Double.POSITIVE_INFINITY),
                node.path("forward_queries").asLong(),
                node.path("gradient_queries").asLong(),
                node.path("zero_gradients").asLong(),
                node.path("unconfirmed").asInt(),
                adversarial);
    }
}
