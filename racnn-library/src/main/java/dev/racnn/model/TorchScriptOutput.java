package dev.racnn.model;

import dev.racnn.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.GenericDict;
import org.bytedeco.pytorch.GenericDictIterator;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TupleElements;
import org.jspecify.annotations.Nullable;

/**
 * The tensors that a TorchScript model returned, alone or in tuples, lists and dictionaries.
 *
 * @param tensors by place: {@code 0}, {@code 1}, {@code logits}, {@code 1.0}; empty text for one alone
 */
record TorchScriptOutput(Map<String, Tensor> tensors) {
    /** What the model returned, sorted out. */
    static TorchScriptOutput of(IValue value) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        collect("", value, tensors);
        return new TorchScriptOutput(tensors);
    }

    /**
     * The one tensor that is meant.
     *
     * @param place which one; null for the only one whose shape fits
     * @param fits tells by shape
     * @param needed what fits, for people
     * @throws IllegalStateException if there is none, or more than one and no place is given
     */
    Tensor chosen(@Nullable String place, Predicate<long[]> fits, String needed) {
        Map<String, Tensor> fitting = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if ((place == null || place.equals(name)) && fits.test(Tensors.shape(tensor))) {
                fitting.put(name, tensor);
            }
        });
        if (fitting.size() == 1) {
            return fitting.values().iterator().next();
        }
        if (fitting.isEmpty()) {
            throw new IllegalStateException("the model must return %s%s, but returns %s"
                    .formatted(needed, place == null ? "" : " as output " + place, this));
        }
        throw new IllegalStateException(
                "the model must return %s, but several of its outputs are such: %s; say which with `output` in the YAML file beside it, as in output: '%s'"
                        .formatted(needed, this, fitting.keySet().iterator().next()));
    }

    /** Places and shapes. */
    @Override
    public String toString() {
        return tensors.isEmpty()
                ? "no tensor"
                : tensors.entrySet().stream()
                        .map(entry -> (entry.getKey().isEmpty() ? "" : entry.getKey() + ": ")
                                + Arrays.toString(Tensors.shape(entry.getValue())))
                        .collect(Collectors.joining(", "));
    }

    private static void collect(String place, IValue value, Map<String, Tensor> found) {
        if (value.isTensor()) {
            found.put(place, value.toTensor());
        } else if (value.isTuple()) {
            TupleElements elements = value.toTupleRef().elements();
            for (long i = 0; i < elements.size(); i++) {
                collect(under(place, Long.toString(i)), elements.get(i), found);
            }
        } else if (value.isList()) {
            GenericList elements = value.toList();
            for (long i = 0; i < elements.size(); i++) {
                collect(under(place, Long.toString(i)), elements.get(i), found);
            }
        } else if (value.isGenericDict()) {
            GenericDict entries = value.toGenericDict();
            for (GenericDictIterator entry = entries.begin(); entry.notEquals(entries.end()); entry.increment()) {
                IValue key = entry.access().key();
                String name = key.isString() ? key.toStringRef().getString() : key.toString();
                collect(under(place, name), entry.access().value(), found);
            }
        }
    }

    private static String under(String place, String name) {
        return place.isEmpty() ? name : place + "." + name;
    }
}
