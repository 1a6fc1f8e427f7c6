package dev.racnn.tensor;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The number format in which convolutions and matrix products are computed. Weights are always float32. */
public enum Precision {
    /** Whatever {@link #chosen} finds to be faster; a wish, which nothing is computed in. */
    AUTO,
    /** IEEE single precision throughout. */
    FP32,
    /** bfloat16 operands with float32 accumulation where libtorch's autocast considers it safe. */
    BF16;

    /**
     * The precision to compute in: this one, or, of {@link #AUTO}, bf16 where a short measurement shows it to be clearly
     * faster on the {@link Device} in use, else fp32. Measured once a process.
     */
    public Precision chosen() {
        return this == AUTO ? Measured.FASTER : this;
    }

    /** Switches the current thread to this precision until the result is closed. */
    public Autocast autocast() {
        if (this == AUTO) {
            throw new IllegalStateException("precision auto must be chosen before anything is computed in it");
        }
        return new Autocast(this == BF16);
    }

    /** Waits until somebody asks. */
    private static final class Measured {
        private static final Precision FASTER = PrecisionMeasurement.take().faster();
    }

    /** A region of code in which autocast is on or off; closing it restores what was before. */
    public static final class Autocast implements AutoCloseable {
        private final DeviceType device = Device.current().type();
        private final boolean before = torch.is_autocast_enabled(device);

        private Autocast(boolean enabled) {
            torch.set_autocast_dtype(device, ScalarType.BFloat16);
            torch.set_autocast_enabled(device, enabled);
        }

        @Override
        public void close() {
            torch.set_autocast_enabled(device, before);
            // The cache holds low-precision copies of weights, which an optimiser step makes stale.
            torch.clear_cache();
        }
    }
}
