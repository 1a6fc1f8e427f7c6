package dev.racnn.tensor;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The formats in which weight files hold numbers, little-endian. */
enum StoredType {
    F32(Float.BYTES, ScalarType.Float, "FloatStorage"),
    F64(Double.BYTES, ScalarType.Double, "DoubleStorage"),
    F16(2, ScalarType.Half, "HalfStorage"),
    BF16(2, ScalarType.BFloat16, "BFloat16Storage"),
    I64(Long.BYTES, ScalarType.Long, "LongStorage"),
    I32(Integer.BYTES, ScalarType.Int, "IntStorage"),
    I16(Short.BYTES, ScalarType.Short, "ShortStorage"),
    I8(1, ScalarType.Char, "CharStorage"),
    U8(1, ScalarType.Byte, "ByteStorage"),
    BOOL(1, ScalarType.Bool, "BoolStorage");

    private final int bytes;
    private final ScalarType type;
    private final String storage;

    StoredType(int bytes, ScalarType type, String storage) {
        this.bytes = bytes;
        this.type = type;
        this.storage = storage;
    }

    /** Bytes of one number. */
    int bytes() {
        return bytes;
    }

    /** What PyTorch calls a buffer of such numbers. */
    String storage() {
        return storage;
    }

    /**
     * The numbers as a tensor: float32 for floating-point types, int64 for the others.
     *
     * @param numbers exactly those of the tensor
     */
    Tensor tensor(ByteBuffer numbers, long... shape) {
        byte[] copy = new byte[numbers.remaining()];
        numbers.get(copy);
        try (var scope = Scope.open();
                var source = new BytePointer(Math.max(1, copy.length))) {
            source.put(copy, 0, copy.length);
            Tensor stored = torch.from_blob(source, shape, new TensorOptions(type));
            ScalarType wide = torch.isFloatingType(type) ? ScalarType.Float : ScalarType.Long;
            return scope.escape(Device.current().place(stored.to(wide).clone()));
        }
    }
}
