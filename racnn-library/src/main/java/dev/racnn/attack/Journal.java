package dev.racnn.attack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finished examples of an attack as JSON lines, so that an interrupted run can go on: one heading that names everything
 * the results depend on, then one line an example, with the checksum of its image, and its target if it has one. Adversarial
 * pixels are float32, little-endian, in Base64. A last line that an interruption cut off is dropped. While it is open, nobody else may
 * write.
 */
final class Journal implements AutoCloseable {
    private static final String TARGET = "target";
    private static final String IMAGE = "image";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path file;
    private final FileChannel channel;
    private final Criterion criterion;
    private final Map<Integer, Integer> positions = new HashMap<>();
    private final Examples examples;
    private final List<Outcome> finished = new ArrayList<>();

    private Journal(Path file, FileChannel channel, Criterion criterion, Examples examples) {
        this.file = file;
        this.channel = channel;
        this.criterion = criterion;
        this.examples = examples;
        for (int i = 0; i < examples.count(); i++) {
            positions.put(examples.indices()[i], i);
        }
    }

    /**
     * Opens a journal to read what is finished and to add to it.
     *
     * @param criterion which knows the target of each example
     * @param examples that are attacked; those in the file that are not among them stay there
     * @throws IllegalArgumentException if the file has another heading, or an example another image, label or target
     * @throws IOException if another run writes to the file, it is damaged, or it cannot be read or written
     */
    static Journal open(Path file, String heading, Criterion criterion, Examples examples) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + ": the journal must be a plain file, but is "
                    + (Files.isDirectory(file) ? "a folder; give a file in it" : "none; give another one"));
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Journal journal = new Journal(file, channel, criterion, examples);
        try {
            journal.take();
            journal.resume(heading);
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The system lets go of the file when the channel is closed, or the process dies. */
    private void take() throws IOException {
        boolean taken;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            taken = false;
        }
        if (!taken) {
            throw new IOException(
                    file + ": another run is writing to this journal; wait until it is done, or give another file");
        }
    }

    /** Reads the whole lines and cuts off the rest, if they are those of a journal; writes the heading if there is none. */
    private void resume(String heading) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(channel.size())];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        String text = new String(bytes, 0, whole, StandardCharsets.UTF_8);
        String rest = new String(bytes, whole, bytes.length - whole, StandardCharsets.UTF_8);
        ObjectNode first = JSON.createObjectNode().put("attack", heading);
        if (text.isEmpty() && !JSON.writeValueAsString(first).startsWith(rest)) {
            throw new IOException(file + ": not a journal of this attack; give another file");
        }
        if (!text.isEmpty()) {
            read(text.lines().toList(), heading);
        }
        channel.truncate(whole);
        channel.position(whole);
        if (text.isEmpty()) {
            write(first);
        }
    }

    private void read(List<String> lines, String heading) throws IOException {
        requireHeading(lines.getFirst(), heading);
        for (int i = 1; i < lines.size(); i++) {
            JsonNode node;
            Outcome outcome;
            try {
                node = JSON.readTree(lines.get(i));
                outcome = read(node);
            } catch (JacksonException | IllegalArgumentException e) {
                throw damaged(i, e);
            }
            Integer position = positions.get(outcome.index());
            if (position != null) {
                requireLike(node, outcome, position);
                finished.add(outcome);
            }
        }
    }

    private void requireHeading(String line, String heading) throws IOException {
        String found;
        try {
            found = JSON.readTree(line).required("attack").asString();
        } catch (JacksonException e) {
            throw damaged(0, e);
        }
        if (!found.equals(heading)) {
            throw new IllegalArgumentException(file + ": the journal must be of the attack '" + heading
                    + "', but is of '" + found + "'; give another file, or delete this one");
        }
    }

    private IOException damaged(int line, RuntimeException e) {
        String what = e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
        return new IOException(
                "%s, line %s: not a line of a journal of an attack (%s); %s"
                        .formatted(
                                file,
                                line + 1,
                                what,
                                line == 0
                                        ? "give another file, or delete this one"
                                        : "delete the line, and its image is attacked again"),
                e);
    }

    /** Results belong to an image, not to its place in the data, where another one may have come to stand. */
    private void requireLike(JsonNode node, Outcome outcome, int position) {
        int label = examples.labels()[position];
        if (!node.path(IMAGE).asString("").equals(checksum(examples.images()[position])) || outcome.label() != label) {
            throw new IllegalArgumentException(
                    "%s: image %s of the data is another one, or has another label, than when the journal was begun; give another file, or delete this one"
                            .formatted(file, outcome.index()));
        }
        OptionalInt wanted = criterion.target(label, outcome.index());
        OptionalInt found = node.has(TARGET) ? OptionalInt.of(node.path(TARGET).asInt()) : OptionalInt.empty();
        if (!found.equals(wanted)) {
            throw new IllegalArgumentException(
                    "%s: the target of example %s must be %s, but the journal attacked it towards %s; give another file, or delete this one"
                            .formatted(file, outcome.index(), name(wanted), name(found)));
        }
    }

    private static String checksum(float... image) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * image.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(image);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return Long.toHexString(checksum.getValue());
    }

    /** The examples that were finished when the journal was opened. */
    List<Outcome> finished() {
        return finished;
    }

    /** Adds finished examples; they are in the file when this returns. */
    void add(List<Outcome> outcomes) throws IOException {
        for (Outcome outcome : outcomes) {
            int position = Objects.requireNonNull(positions.get(outcome.index()));
            ObjectNode line = line(outcome).put(IMAGE, checksum(examples.images()[position]));
            criterion.target(outcome.label(), outcome.index()).ifPresent(target -> line.put(TARGET, target));
            write(line);
        }
    }

    private void write(ObjectNode line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(JSON.writeValueAsString(line) + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static String name(OptionalInt target) {
        return target.isPresent() ? "class " + target.getAsInt() : "any wrong class";
    }

    private static ObjectNode line(Outcome outcome) {
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
                    .put("l0", outcome.l0())
                    .put("l1", outcome.l1())
                    .put("l2", outcome.l2())
                    .put("linf", outcome.linf())
                    .put("adversarial", Base64.getEncoder().encodeToString(bytes.array()));
        }
        return node;
    }

    /** @throws IllegalArgumentException if the pixels are not those of an image */
    private Outcome read(JsonNode node) {
        float @Nullable [] adversarial = null;
        if (node.has("adversarial")) {
            byte[] bytes = Base64.getDecoder().decode(node.path("adversarial").asString());
            if (bytes.length != Float.BYTES * examples.size().bytes()) {
                throw new IllegalArgumentException("an image has %s bytes, but the adversarial one %s"
                        .formatted(Float.BYTES * examples.size().bytes(), bytes.length));
            }
            adversarial = new float[bytes.length / Float.BYTES];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(adversarial);
        }
        if (node.required("success").asBoolean() != (adversarial != null)) {
            throw new IllegalArgumentException("a success has an adversarial image, and nothing else has");
        }
        return new Outcome(
                node.required("index").asInt(),
                node.required("label").asInt(),
                node.required("clean_prediction").asInt(),
                node.required("success").asBoolean(),
                node.path("msd").asDouble(Double.POSITIVE_INFINITY),
                node.path("l0").asDouble(Double.POSITIVE_INFINITY),
                node.path("l1").asDouble(Double.POSITIVE_INFINITY),
                node.path("l2").asDouble(Double.POSITIVE_INFINITY),
                node.path("linf").asDouble(Double.POSITIVE_INFINITY),
                node.required("forward_queries").asLong(),
                node.required("gradient_queries").asLong(),
                node.required("zero_gradients").asLong(),
                node.required("unconfirmed").asInt(),
                adversarial);
    }
}
