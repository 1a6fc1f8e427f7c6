package dev.racnn.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors on the {@link Device} that computes: made there, filled from Java arrays, and read into them. */
public final class Tensors {
    private static final float PIXEL_SCALE = 1f / 255f;

    private Tensors() {}

    /**
     * A float32 tensor with a copy of the given numbers in row-major order.
     *
     * @throws IllegalArgumentException if the shape does not hold exactly {@code data.length} numbers
     */
    public static Tensor of(float[] data, long... shape) {
        return made(
                ScalarType.Float,
                data.length,
                shape,
                host -> host.data_ptr_float().put(data));
    }

    /** A float64 tensor with a copy of the given numbers in row-major order. */
    public static Tensor of(double[] data, long... shape) {
        return made(
                ScalarType.Double,
                data.length,
                shape,
                host -> host.data_ptr_double().put(data));
    }

    /** An int64 tensor with a copy of the given numbers in row-major order. */
    public static Tensor of(long[] data, long... shape) {
        return made(
                ScalarType.Long,
                data.length,
                shape,
                host -> host.data_ptr_long().put(data));
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
            // Bytes are a quarter of what floats would be on the way to another device.
            return scope.escape(
                    Device.current().place(bytes).to(ScalarType.Float).mul_(new Scalar(PIXEL_SCALE)));
        }
    }

    /** A float32 tensor whose numbers are written straight into its memory, in row-major order. */
    public static Tensor written(Consumer<MemorySegment> write, long... shape) {
        int count = Math.toIntExact(count(shape));
        return made(
                ScalarType.Float,
                count,
                shape,
                host -> write.accept(MemorySegment.ofBuffer(
                        host.data_ptr_float().capacity(count).asBuffer())));
    }

    /** A tensor of zeros. */
    public static Tensor zeros(ScalarType type, long... shape) {
        return full(type, 0, shape);
    }

    /** A tensor of equal numbers. */
    public static Tensor full(ScalarType type, double value, long... shape) {
        try (var scope = Scope.open()) {
            return scope.escape(
                    torch.full(shape, new Scalar(value), Device.current().options(type)));
        }
    }

    /** As much of the identity matrix as these rows and columns hold, float32. */
    public static Tensor identity(long rows, long columns) {
        try (var scope = Scope.open()) {
            return scope.escape(torch.eye(rows, columns, Device.current().options(ScalarType.Float)));
        }
    }

    /** The whole numbers from 0 up to but not including n, int64. */
    public static Tensor range(long n) {
        try (var scope = Scope.open()) {
            return scope.escape(torch.arange(new Scalar(n), Device.current().options(ScalarType.Long)));
        }
    }

    /** The numbers of a tensor of any floating-point type, in row-major order. */
    public static float[] toFloats(Tensor tensor) {
        try (var _ = Scope.open()) {
            float[] data = new float[Math.toIntExact(tensor.numel())];
            if (data.length > 0) {
                onHost(tensor, ScalarType.Float).data_ptr_float().get(data);
            }
            return data;
        }
    }

    /** The numbers of a tensor of any floating-point type as doubles, in row-major order. */
    public static double[] toDoubles(Tensor tensor) {
        try (var _ = Scope.open()) {
            double[] data = new double[Math.toIntExact(tensor.numel())];
            if (data.length > 0) {
                onHost(tensor, ScalarType.Double).data_ptr_double().get(data);
            }
            return data;
        }
    }

    /** The numbers of an integer or boolean tensor, in row-major order. */
    public static long[] toLongs(Tensor tensor) {
        try (var _ = Scope.open()) {
            long[] data = new long[Math.toIntExact(tensor.numel())];
            if (data.length > 0) {
                onHost(tensor, ScalarType.Long).data_ptr_long().get(data);
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

    private static Tensor made(ScalarType type, int count, long[] shape, Consumer<Tensor> fill) {
        checkCount(count, shape);
        try (var scope = Scope.open()) {
            Tensor host = torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional());
            if (count > 0) {
                fill.accept(host);
            }
            return scope.escape(Device.current().place(host));
        }
    }

    private static Tensor onHost(Tensor tensor, ScalarType type) {
        return tensor.detach().contiguous().cpu().to(type);
    }

    private static void checkCount(int count, long[] shape) {
        if (count(shape) != count) {
            throw new IllegalArgumentException("shape %s holds %s numbers, but %s were given"
                    .formatted(Arrays.toString(shape), count(shape), count));
        }
    }

    private static long count(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
