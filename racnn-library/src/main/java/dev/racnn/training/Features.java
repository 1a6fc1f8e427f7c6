package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.model.Networks;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Where phi(x) and phi(x'_k) come from while a RaCNN is trained: a phi that learns, or one that is known. */
interface Features extends AutoCloseable {
    /** phi if it is trained. */
    Networks networks();

    /** What of it the optimiser moves. */
    List<Adam.Group> groups();

    /** Brings what is stored up to date with the weights. */
    default void refresh() {}

    /** Whether training images are looked at; otherwise it is enough to say which ones. */
    default boolean looksAtImages() {
        return true;
    }

    /** Whether test images are looked at. */
    default boolean looksAtTests() {
        return true;
    }

    /** phi(x) of training images, float32 [B, d], connected to phi in the autograd graph if that learns. */
    Tensor ofTraining(Batch batch);

    /** phi(x) of test images, float32 [B, d]. */
    Tensor ofTest(Batch batch);

    /**
     * phi(x') of candidates.
     *
     * @param rows candidates, with repetitions
     * @param fresh how many distinct ones a phi that learns computes anew, connected to it; drawn at random
     * @return float32 [rows, d]
     */
    Tensor ofCandidates(int[] rows, int fresh, long seed);

    /** phi(x') of candidates as it is stored, without gradient. */
    Tensor stored(int[] rows);

    @Override
    void close();
}
