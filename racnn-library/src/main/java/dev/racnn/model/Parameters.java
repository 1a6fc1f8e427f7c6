package dev.racnn.model;

import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The trainable numbers of a network and their gradients, each in one contiguous buffer, so that a step of an optimiser
 * is a handful of operations however many layers there are.
 *
 * <p>The named tensors are views into the buffer. A convolution's weights lie in it in the order out, row, column, in,
 * which libtorch calls channels-last and computes fastest with; their logical shape is [out, in, row, column].
 */
public final class Parameters implements AutoCloseable {
    private final Tensor values;
    private final Tensor gradients;
    private final Map<String, Tensor> named = new LinkedHashMap<>();

    /**
     * Allocates zeros.
     *
     * @param shapes what there is to train: names and logical shapes, in the order in which they lie in the buffer
     */
    Parameters(List<Shape> shapes, ScalarType type) {
        long total = shapes.stream().mapToLong(Shape::count).sum();
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            values = Scope.unscoped(Tensors.zeros(type, total));
            gradients = Scope.unscoped(Tensors.zeros(type, total));
            long offset = 0;
            for (Shape shape : shapes) {
                Tensor view = Scope.unscoped(shape.view(values, offset).detach());
                view.set_requires_grad(true);
                // Autograd adds to a gradient that is already there in place, that is, into the buffer.
                view.mutable_grad().put(shape.view(gradients, offset));
                if (named.put(shape.name(), view) != null) {
                    throw new IllegalArgumentException("two parameters are named " + shape.name());
                }
                offset += shape.count();
            }
        }
    }

    /** All numbers, one-dimensional. */
    public Tensor values() {
        return values;
    }

    /** The gradients of all numbers, in the same order. */
    public Tensor gradients() {
        return gradients;
    }

    /** The parameters by name: leaves of the autograd graph. */
    public Map<String, Tensor> named() {
        return Collections.unmodifiableMap(named);
    }

    /** How many numbers there are. */
    public long count() {
        return values.numel();
    }

    /** Stops (or resumes) the recording of gradients: a frozen network costs no backward pass. */
    public void trainable(boolean trainable) {
        named.values().forEach(parameter -> parameter.set_requires_grad(trainable));
    }

    @Override
    public void close() {
        named.values().forEach(Tensor::close);
        values.close();
        gradients.close();
    }

    /**
     * The name and the logical shape of a parameter.
     *
     * @param sizes [n], [out, in] or [out, in, rows, columns]
     */
    record Shape(String name, long... sizes) {
        long count() {
            long count = 1;
            for (long size : sizes) {
                count *= size;
            }
            return count;
        }

        private Tensor view(Tensor buffer, long offset) {
            Tensor part = buffer.narrow(0, offset, count());
            if (sizes.length == 4) {
                return part.view(sizes[0], sizes[2], sizes[3], sizes[1]).permute(0, 3, 1, 2);
            }
            return part.view(sizes);
        }
    }
}
