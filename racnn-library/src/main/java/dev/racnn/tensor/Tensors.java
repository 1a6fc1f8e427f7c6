package dev.racnn.tensor;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between Java arrays and tensors in CPU memory. */
public final class Tensors {
    private static final float PIXEL_SCALE = 1f / 255f;

    private Tensors() {}

    /**
     * A float32 tensor with a copy of the given numbers in row-major order.
     *
     * @throws IllegalArgumentException if the shape does not hold exactly {@code data.length} numbers
     */
    public static Tensor of(float[] data, long... shape) {
        checkCount(data.length, shape);
        Tensor tensor = empty(ScalarType.Float, shape);
        if (data.length > 0) {
            tensor.data_ptr_float().put(data);
        }
        return tensor;
    }

    /** A float64 tensor with a copy of the given numbers in row-major order. */
    public static Tensor of(double[] data, long... shape) {
        checkCount(data.length, shape);
        Tensor tensor = empty(ScalarType.Double, shape);
        if (data.length > 0) {
            tensor.data_ptr_double().put(data);
        }
        return tensor;
    }

    /** An int64 tensor with a copy of the given numbers in row-major order. */
    public static Tensor of(long[] data, long... shape) {
        checkCount(data.length, shape);
        Tensor tensor = empty(ScalarType.Long, shape);
        if (data.length > 0) {
            tensor.data_ptr_long().put(data);
        }
        return tensor;
    }

    /** A one-dimensional int64 tensor with a copy of the given numbers. */
    public static Tensor of(int[] data) {
        long[] wide = new long[data.length];
        for (int i = 0; i < data.length; i++) {
            wide[i] = data[i];
        }
        return of(wide, wide.length);
    }

    /** Unsigned bytes 0..255 as a float32 tensor of pixel values in [0, 1]. */
    public static Tensor ofPixels(byte[] pixels, long... shape) {
        checkCount(pixels.length, shape);
        try (var scope = Scope.open();
                var source = new BytePointer(pixels)) {
            Tensor bytes = torch.from_blob(source, shape, new TensorOptions(ScalarType.Byte));
            return scope.escape(bytes.to(ScalarType.Float).mul_(new Scalar(PIXEL_SCALE)));
        }
    }

    /** The memory of a contiguous float32 tensor, to be filled while the tensor is open. */
    public static MemorySegment memory(Tensor tensor) {
        return MemorySegment.ofBuffer(
                tensor.data_ptr_float().capacity(tensor.numel()).asBuffer());
    }

    /** The numbers of a tensor of any floating-point type, in row-major order. */
    public static float[] toFloats(Tensor tensor) {
        try (var _ = Scope.open()) {
            float[] data = new float[Math.toIntExact(tensor.numel())];
            if (data.length > 0) {
                tensor.detach()
                        .to(ScalarType.Float)
                        .contiguous()
                        .data_ptr_float()
                        .get(data);
            }
            return data;
        }
    }

    /** The numbers of a tensor of any floating-point type as doubles, in row-major order. */
    public static double[] toDoubles(Tensor tensor) {
        try (var _ = Scope.open()) {
            double[] data = new double[Math.toIntExact(tensor.numel())];
            if (data.length > 0) {
                tensor.detach()
                        .to(ScalarType.Double)
                        .contiguous()
                        .data_ptr_double()
                        .get(data);
            }
            return data;
        }
    }

    /** The numbers of an integer or boolean tensor, in row-major order. */
    public static long[] toLongs(Tensor tensor) {
        try (var _ = Scope.open()) {
            long[] data = new long[Math.toIntExact(tensor.numel())];
            if (data.length > 0) {
                tensor.detach().to(ScalarType.Long).contiguous().data_ptr_long().get(data);
            }
            return data;
        }
    }

    /** The shape of a tensor, outermost dimension first. */
    public static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    private static Tensor empty(ScalarType type, long[] shape) {
        return torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional());
    }

    private static void checkCount(int count, long[] shape) {
        long expected = 1;
        for (long size : shape) {
            expected *= size;
        }
        if (expected != count) {
            throw new IllegalArgumentException("shape %s holds %s numbers, but %s were given"
                    .formatted(java.util.Arrays.toString(shape), expected, count));
        }
    }
}
