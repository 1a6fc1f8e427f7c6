package dev.racnn.tensor;

import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Named tensors, float32 or float16, in the safetensors format, which Python's {@code safetensors} reads and writes: the length of
 * the header (8 bytes, little-endian), the header (JSON: type, shape and byte range of each tensor), the numbers.
 */
public final class SafeTensors {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MAX_HEADER = 100_000_000;
    /** Data begins at a multiple of this, so that readers may map it. */
    private static final int ALIGNMENT = 8;

    private SafeTensors() {}

    /**
     * Writes tensors aside and moves the file into place.
     *
     * @param tensors of a floating-point type; stored as float32, row-major
     * @param metadata free text kept in the header
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        write(file, tensors, metadata, StoredType.F32);
    }

    /**
     * The same as float16: half as large, each number rounded to 11 significant bits.
     *
     * @throws IllegalArgumentException if a number is beyond what float16 holds, 65504
     */
    public static void writeHalves(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        write(file, tensors, metadata, StoredType.F16);
    }

    private static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata, StoredType type)
            throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode notes = header.putObject("__metadata__");
        metadata.forEach(notes::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            ObjectNode description = header.putObject(entry.getKey());
            description.put("dtype", type.name());
            ArrayNode shape = description.putArray("shape");
            for (long size : Tensors.shape(entry.getValue())) {
                shape.add(size);
            }
            long end = offset + type.bytes() * entry.getValue().numel();
            description.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = JSON.writeValueAsBytes(header);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        AtomicFile.write(file, out -> {
            out.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(padded)
                    .array());
            out.write(json);
            out.write(" ".repeat(padded - json.length).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                float[] numbers = Tensors.toFloats(entry.getValue());
                out.write(type == StoredType.F16 ? halves(entry.getKey(), numbers) : floats(numbers));
            }
        });
    }

    /**
     * Reads all tensors of a file that {@link #write} or {@link #writeHalves} wrote.
     *
     * @return float32 tensors owned by the scope of the caller
     * @throws IOException if the file is missing, truncated, malformed, or holds another type than F32 and F16
     */
    public static Contents read(Path file) throws IOException {
        return read(file, EnumSet.of(StoredType.F32, StoredType.F16));
    }

    /**
     * Reads all tensors of a file that others wrote, of any type: as float32, or int64 for whole numbers.
     *
     * @return tensors owned by the scope of the caller
     * @throws IOException if the file is missing, truncated or malformed
     */
    public static Contents readAny(Path file) throws IOException {
        return read(file, EnumSet.allOf(StoredType.class));
    }

    private static Contents read(Path file, Set<StoredType> types) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < Long.BYTES) {
            throw malformed(file, "it has %s bytes, fewer than its 8-byte length field".formatted(bytes.remaining()));
        }
        long length = bytes.getLong();
        if (length < 2 || length > MAX_HEADER || length > bytes.remaining()) {
            throw malformed(
                    file, "its header should be %s bytes long, but %s remain".formatted(length, bytes.remaining()));
        }
        byte[] json = new byte[(int) length];
        bytes.get(json);
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonNode> entry : JSON.readTree(json).properties()) {
                if (entry.getKey().equals("__metadata__")) {
                    entry.getValue()
                            .properties()
                            .forEach(note ->
                                    metadata.put(note.getKey(), note.getValue().asString()));
                } else {
                    tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), data, types));
                }
            }
        } catch (JacksonException e) {
            throw malformed(file, "its header is not the expected JSON: " + e.getOriginalMessage());
        }
        return new Contents(tensors, metadata);
    }

    /**
     * What a file holds.
     *
     * @param tensors float32 tensors by name
     * @param metadata free text by name
     */
    public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {}

    private static Tensor tensor(Path file, String name, JsonNode description, ByteBuffer data, Set<StoredType> types)
            throws IOException {
        String typeName = description.path("dtype").asString("");
        StoredType type = types.stream()
                .filter(known -> known.name().equals(typeName))
                .findFirst()
                .orElseThrow(() -> malformed(
                        file, "tensor %s has type %s, but only %s can be read".formatted(name, typeName, types)));
        long[] shape = new long[description.path("shape").size()];
        long count = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = description.path("shape").get(i).asLong();
            count *= shape[i];
        }
        long begin = description.path("data_offsets").path(0).asLong(-1);
        long end = description.path("data_offsets").path(1).asLong(-1);
        if (begin < 0 || end > data.capacity() || end - begin != count * type.bytes()) {
            throw malformed(
                    file,
                    "tensor %s of %s numbers should lie in bytes %s to %s of %s; is the file truncated?"
                            .formatted(name, count, begin, end, data.capacity()));
        }
        return type.tensor(data.slice((int) begin, (int) (end - begin)), shape);
    }

    private static byte[] floats(float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return bytes.array();
    }

    private static byte[] halves(String name, float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : numbers) {
            short half = Float.floatToFloat16(number);
            if (Float.isFinite(number) && Float.isInfinite(Float.float16ToFloat(half))) {
                throw new IllegalArgumentException(
                        "numbers of tensor %s must be at most 65504 to be stored as float16, but one is %s; store it as float32"
                                .formatted(name, number));
            }
            bytes.putShort(half);
        }
        return bytes.array();
    }

    private static IOException malformed(Path file, String what) {
        return new IOException(file + " is not a usable safetensors file: " + what);
    }
}
