package dev.racnn.racnn;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The candidates class by class, by the principal components of their keys: finds which of each class are near without a scan of
 * all keys for each class. Nearly the nearest, since the components are few.
 */
final class PrincipalKeys {
    private static final int COMPONENTS = 128;

    /** Keys that the components are found from, evenly spread over the candidates. */
    private static final int SAMPLE = 4096;

    /** Rounds of subspace iteration; the keys of networks have spectra that fall fast. */
    private static final int ROUNDS = 3;

    private static final int BLOCK = 1024;

    private final float[] mean;
    private final float[] directions;
    private final int components;
    private final List<Group> groups = new ArrayList<>();

    /** The candidates of one class: ids, and as many rows of components. */
    private record Group(long[] ids, float[] components) {}

    PrincipalKeys(CandidateSnapshot candidates, int classes) {
        int d = candidates.dimension();
        long[] ids = candidates.ids().toArray();
        components = Math.min(COMPONENTS, d);
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            int step = Math.max(1, ids.length / SAMPLE);
            long[] some = IntStream.iterate(0, i -> i < ids.length, i -> i + step)
                    .mapToLong(i -> ids[i])
                    .toArray();
            Tensor sample = WhiteBox.keys(candidates, some);
            Tensor centre = sample.mean(0);
            mean = Tensors.toFloats(centre);
            Tensor axes = directions(sample.sub(centre));
            directions = Tensors.toFloats(axes);
            for (int label = 0; label < classes; label++) {
                int own = label;
                long[] members = Arrays.stream(ids)
                        .filter(id -> candidates.label(id) == own)
                        .toArray();
                float[] coordinates = new float[members.length * components];
                for (int from = 0; from < members.length; from += BLOCK) {
                    try (var _ = Scope.open()) {
                        int to = Math.min(members.length, from + BLOCK);
                        Tensor block = WhiteBox.keys(candidates, Arrays.copyOfRange(members, from, to));
                        float[] projected = Tensors.toFloats(block.sub(centre).matmul(axes));
                        System.arraycopy(projected, 0, coordinates, from * components, projected.length);
                    }
                }
                groups.add(new Group(members, coordinates));
            }
        }
    }

    /** An orthonormal basis [d, components] of about the leading principal directions. */
    private Tensor directions(Tensor centred) {
        long d = centred.size(1);
        Tensor basis = Tensors.identity(d, components);
        for (int round = 0; round < ROUNDS; round++) {
            Tensor image = centred.t().matmul(centred.matmul(basis));
            basis = torch.linalg_qr(image, "reduced").get0();
        }
        return basis;
    }

    /**
     * Ids of about the nearest candidates of each class, fewer where a class has no more.
     *
     * @param keys [n, d']
     * @return for each class those of all queries, [n * its own count], query by query
     */
    List<long[]> nearest(Tensor keys, int count) {
        int n = Math.toIntExact(keys.size(0));
        List<long[]> all = new ArrayList<>();
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Tensor axes = Tensors.of(directions, mean.length, components);
            Tensor queries = keys.sub(Tensors.of(mean, mean.length)).matmul(axes);
            for (Group group : groups) {
                int own = Math.min(count, group.ids.length);
                if (own == 0) {
                    all.add(new long[0]);
                    continue;
                }
                try (var _ = Scope.open()) {
                    Tensor points = Tensors.of(group.components, group.ids.length, components);
                    Tensor scores = points.square()
                            .sum(1)
                            .sub(queries.matmul(points.t()).mul(new Scalar(2.0)));
                    long[] rows =
                            Tensors.toLongs(scores.topk(own, 1, false, true).get1());
                    long[] found = new long[n * own];
                    Arrays.setAll(found, i -> group.ids[(int) rows[i]]);
                    all.add(found);
                }
            }
        }
        return all;
    }
}
