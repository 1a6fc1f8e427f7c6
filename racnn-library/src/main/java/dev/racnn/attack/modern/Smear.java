package dev.racnn.attack.modern;

import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A Gaussian that gradients are convolved with, so that they hold for shifted images too (Dong et al., 2019).
 *
 * @param width in pixels, odd; three standard deviations on either side
 */
record Smear(int width) {
    /** Smeared gradients, as large as they were: zeros lie around them. */
    Tensor of(Tensor gradients) {
        if (width == 1) {
            return gradients;
        }
        int radius = width / 2;
        float[] weights = new float[width * width];
        double sum = 0;
        double deviation = radius / 3.0;
        for (int i = 0; i < weights.length; i++) {
            double x = i % width - radius;
            double y = i / width - radius;
            weights[i] = (float) Math.exp(-(x * x + y * y) / (2 * deviation * deviation));
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= (float) sum;
        }
        Tensor kernel = Tensors.of(weights, 1, 1, width, width);
        long[] shape = Tensors.shape(gradients);
        Tensor planes = gradients.reshape(shape[0] * shape[1], 1, shape[2], shape[3]);
        return torch.conv2d(
                        planes, kernel, new TensorOptional(), new long[] {1}, new long[] {radius}, new long[] {1}, 1)
                .reshape(shape);
    }
}
