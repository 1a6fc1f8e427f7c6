package dev.racnn.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Which format the {@link Device} in use computes faster in, measured on a convolution like those of the networks, forwards and
 * backwards. A processor without instructions for bfloat16 emulates it, five to ten times slower than fp32.
 *
 * @param fp32 seconds of the fastest pass in fp32
 * @param bf16 seconds of the fastest pass in bf16
 */
record PrecisionMeasurement(double fp32, double bf16) {
    private static final int ROUNDS = 6;
    private static final int CHANNELS = 96;
    private static final int SIDE = 30;
    private static final int IMAGES = 4;
    /** How many times as fast bf16 must be: it rounds more, so it has to be worth it. */
    private static final double CLEARLY = 1.2;

    /** Measures; takes a tenth of a second. */
    static PrecisionMeasurement take() {
        double fp32 = Double.POSITIVE_INFINITY;
        double bf16 = Double.POSITIVE_INFINITY;
        try (var _ = Scope.open()) {
            Tensor images = Tensors.full(ScalarType.Float, 0.3, Device.current().batch(IMAGES), CHANNELS, SIDE, SIDE)
                    .contiguous(MemoryFormat.ChannelsLast);
            Tensor weights = Tensors.full(ScalarType.Float, 0.1, CHANNELS, CHANNELS, 3, 3)
                    .set_requires_grad(true);
            for (int round = 0; round < ROUNDS; round++) {
                // The first round of each fills caches and compiles kernels.
                fp32 = Math.min(fp32, seconds(images, weights, Precision.FP32));
                bf16 = Math.min(bf16, seconds(images, weights, Precision.BF16));
                if (round > 0 && bf16 > 2 * fp32) {
                    break;
                }
            }
        }
        return new PrecisionMeasurement(fp32, bf16);
    }

    /** The format to compute in. */
    Precision faster() {
        return bf16 * CLEARLY < fp32 ? Precision.BF16 : Precision.FP32;
    }

    private static double seconds(Tensor images, Tensor weights, Precision precision) {
        long begin = System.nanoTime();
        try (var _ = Scope.open()) {
            Tensor sum;
            try (var _ = precision.autocast()) {
                sum = torch.conv2d(
                                images,
                                weights,
                                new TensorOptional(),
                                new long[] {1, 1},
                                new long[] {0, 0},
                                new long[] {1, 1},
                                1)
                        .sum();
            }
            sum.backward();
            // Waits for a device that computes beside the processor.
            Tensors.toFloats(sum);
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
