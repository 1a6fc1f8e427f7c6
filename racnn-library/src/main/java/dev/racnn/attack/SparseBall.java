package dev.racnn.attack;

import dev.racnn.model.Bounds;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The Euclidean projection onto what an attacker in L1 may reach: the ball and the box of the pixels together (Croce and Hein, 2021). First one
 * and then the other would not be the nearest point, and leave a part of the budget unspent.
 *
 * <p>Perturbations keep their signs, and |u_i| becomes min(max(|u_i| - lambda, 0), room_i), with the least lambda that spends no more than the
 * radius; it is found by halving.
 */
public final class SparseBall {
    private static final int HALVINGS = 24;

    private SparseBall() {}

    /**
     * Projects points.
     *
     * @param originals float32 [n, ...] within the bounds
     * @param points float32 [n, ...]
     * @param epsilon radius
     */
    public static Tensor project(Bounds bounds, Tensor originals, Tensor points, double epsilon) {
        Tensor perturbations = points.sub(originals);
        Tensor sizes = perturbations.flatten(1, -1).abs();
        Tensor up = originals.neg().add(new Scalar(bounds.max()));
        Tensor down = originals.sub(new Scalar(bounds.min()));
        Tensor room = torch.where(perturbations.gt(new Scalar(0.0)), up, down)
                .flatten(1, -1)
                .clamp_min(new Scalar(0.0));
        Scalar radius = new Scalar(epsilon);
        Tensor low = sizes.new_zeros(sizes.size(0), 1);
        Tensor high = sizes.amax(new long[] {1}, true);
        Tensor all = shrunk(sizes, room, low).sum(1).unsqueeze(1).le(radius);
        for (int i = 0; i < HALVINGS; i++) {
            Tensor middle = low.add(high).mul(new Scalar(0.5));
            Tensor spends = shrunk(sizes, room, middle).sum(1).unsqueeze(1);
            Tensor tooMuch = spends.gt(radius);
            low = torch.where(tooMuch, middle, low);
            high = torch.where(tooMuch, high, middle);
        }
        Tensor lambda = high.mul(all.logical_not());
        Tensor kept = shrunk(sizes, room, lambda).view_as(perturbations);
        return originals.add(perturbations.sign().mul(kept));
    }

    private static Tensor shrunk(Tensor sizes, Tensor room, Tensor lambda) {
        return sizes.sub(lambda).clamp(new TensorOptional(torch.zeros_like(sizes)), new TensorOptional(room));
    }
}
