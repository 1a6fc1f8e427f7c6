package dev.racnn.tensor;

import dev.racnn.tensor.Pickle.Call;
import dev.racnn.tensor.Pickle.Global;
import dev.racnn.tensor.Pickle.None;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Finds the tensors in an object that PyTorch pickled, without making anything else of it. */
final class StateDictionary {
    private static final String REBUILD_TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String REBUILD_PARAMETER = "torch._utils._rebuild_parameter";
    /** What checkpoints keep their weights under, likeliest first. */
    private static final List<String> PLACES = List.of("state_dict", "model_state_dict", "model", "net", "weights");
    /** What {@code torch.nn.DataParallel} puts before every name. */
    private static final String PARALLEL = "module.";

    private static final int SHOWN = 8;

    private final Storages storages;
    private final Map<String, Storage> seen = new HashMap<>();

    /** The numbers of a storage, by key. */
    interface Storages {
        byte[] numbers(String key) throws IOException;
    }

    /** Says what is wrong with a file; the sentence begins with the name of the file. */
    static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1;

        UnusableException(String what) {
            super(what);
        }
    }

    /** A buffer of numbers that tensors are views of. */
    private record Storage(StoredType type, String key) {}

    StateDictionary(Storages storages) {
        this.storages = storages;
    }

    /** Reads one pickle, noting the storages that it refers to. */
    Object unpickle(ByteBuffer bytes) throws IOException {
        try {
            return new Pickle(bytes, this::storage).read();
        } catch (IllegalArgumentException e) {
            throw new UnusableException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UnusableException("is damaged: " + e.getMessage());
        }
    }

    /** Size of the numbers of a storage that a pickle referred to. */
    int bytesPerNumber(String key) throws IOException {
        Storage storage = seen.get(key);
        if (storage == null) {
            throw new UnusableException("is damaged: nothing refers to storage " + key);
        }
        return storage.type().bytes();
    }

    /** ('storage', type, key, location, count, ..). */
    private Object storage(Object reference) {
        if (!(reference instanceof List<?> parts)
                || parts.size() < 5
                || !(parts.get(1) instanceof Global type)
                || (parts.size() > 5 && parts.get(5) != None.NONE)) {
            throw new IllegalArgumentException("refers to something outside that is no storage of numbers");
        }
        String name = type.name().substring(type.name().lastIndexOf('.') + 1);
        StoredType known = Stream.of(StoredType.values())
                .filter(candidate -> candidate.storage().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("holds numbers of a type that is not known: " + name));
        String key = String.valueOf(parts.get(2));
        return seen.computeIfAbsent(key, _ -> new Storage(known, key));
    }

    /** The weights among what was saved. */
    PthFile.Contents contents(Object saved) throws IOException {
        if (isTensor(saved)) {
            throw new UnusableException("holds a single tensor without a name, not the weights of a network");
        }
        if (!(saved instanceof Map<?, ?> root)) {
            throw new UnusableException(
                    "holds %s, and to load that would be to run its code; save model.state_dict() instead"
                            .formatted(described(saved)));
        }
        String place = place(root);
        Map<?, ?> weights = place.isEmpty() ? root : (Map<?, ?>) Objects.requireNonNull(root.get(place));
        List<String> leftOut = new ArrayList<>();
        if (!place.isEmpty()) {
            root.forEach((key, value) -> {
                if (!place.equals(key)) {
                    leftOut.add(key + " (" + described(value) + ")");
                }
            });
        }
        boolean parallel =
                weights.keySet().stream().allMatch(name -> String.valueOf(name).startsWith(PARALLEL));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : weights.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (isTensor(entry.getValue())) {
                tensors.put(parallel ? name.substring(PARALLEL.length()) : name, tensor(entry.getValue()));
            } else {
                leftOut.add(name + " (" + described(entry.getValue()) + ")");
            }
        }
        return new PthFile.Contents(tensors, List.copyOf(leftOut));
    }

    /** What the weights stand under; nothing if the whole is the weights. */
    private static String place(Map<?, ?> root) throws IOException {
        if (holdsTensors(root)) {
            return "";
        }
        for (String place : PLACES) {
            if (root.get(place) instanceof Map<?, ?> inner && holdsTensors(inner)) {
                return place;
            }
        }
        throw new UnusableException("holds no weights by name: neither itself nor one of %s has tensors, only %s"
                .formatted(
                        PLACES,
                        root.entrySet().stream()
                                .limit(SHOWN)
                                .map(entry -> entry.getKey() + " (" + described(entry.getValue()) + ")")
                                .toList()));
    }

    private static boolean holdsTensors(Map<?, ?> dictionary) {
        return dictionary.values().stream().anyMatch(StateDictionary::isTensor);
    }

    private static boolean isTensor(Object value) {
        return value instanceof Call call
                && call.function() instanceof Global function
                && (function.name().equals(REBUILD_TENSOR) || function.name().equals(REBUILD_PARAMETER))
                && !call.arguments().isEmpty();
    }

    private Tensor tensor(Object value) throws IOException {
        Call call = (Call) value;
        if (((Global) call.function()).name().equals(REBUILD_PARAMETER)) {
            return tensor(call.arguments().getFirst());
        }
        List<?> arguments = call.arguments();
        if (arguments.size() < 4 || !(arguments.get(0) instanceof Storage storage)) {
            throw new UnusableException("is damaged: a tensor of it has no numbers");
        }
        byte[] numbers = storages.numbers(storage.key());
        long[] shape = sizes(arguments.get(2));
        long[] strides = sizes(arguments.get(3));
        long offset = (Long) arguments.get(1);
        long last = offset;
        long count = 1;
        for (int i = 0; i < Math.min(shape.length, strides.length); i++) {
            last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
            count = Math.multiplyExact(count, shape[i]);
        }
        int held = numbers.length / storage.type().bytes();
        if (strides.length != shape.length || offset < 0 || (count > 0 && last >= held)) {
            throw new UnusableException("is damaged: a tensor of it reaches beyond its numbers");
        }
        try (var scope = Scope.open()) {
            Tensor all = storage.type()
                    .tensor(ByteBuffer.wrap(numbers, 0, held * storage.type().bytes()), held);
            return scope.escape(all.as_strided(shape, strides, new LongOptional(offset))
                    .clone()
                    .contiguous());
        }
    }

    private static long[] sizes(Object tuple) throws IOException {
        if (!(tuple instanceof List<?> numbers)
                || !numbers.stream().allMatch(n -> n instanceof Long size && size >= 0)) {
            throw new UnusableException("is damaged: a tensor of it has no shape");
        }
        return numbers.stream().mapToLong(n -> (Long) Objects.requireNonNull(n)).toArray();
    }

    /** What something pickled is, for people. */
    private static String described(@Nullable Object value) {
        return switch (value) {
            case Call call -> "a pickled " + name(call);
            case Global global -> "the class or function " + global;
            case Map<?, ?> map -> "a dictionary of " + map.size();
            case List<?> list -> "a list of " + list.size();
            case String _ -> "a text";
            case Number _ -> "a number";
            case null, default -> "a value";
        };
    }

    /** The class that an object is of: what makes it, or what its maker is told to make. */
    private static String name(Call call) {
        for (Object argument : call.arguments()) {
            if (String.valueOf(call.function()).startsWith("copyreg.") && argument instanceof Global made) {
                return made.name();
            }
        }
        return call.function() instanceof Call inner ? name(inner) : String.valueOf(call.function());
    }
}
