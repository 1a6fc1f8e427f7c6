package dev.racnn.training;

import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.model.Networks;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** What a {@link TrainingLoop} minimises. */
public interface Objective extends AutoCloseable {
    /** The networks that are trained. */
    Networks networks();

    /** What the optimiser moves. */
    List<Adam.Group> groups();

    /** Whether training images are looked at; otherwise it is enough to say which ones a batch has. */
    default boolean looksAtImages() {
        return true;
    }

    /** Called with the weights that an epoch starts from. */
    default void beginEpoch() {}

    /**
     * Descends the losses of one batch.
     *
     * @param epoch from 0
     * @param step within the whole training, from 0
     */
    Outcome step(Batch batch, int epoch, long step, Descent descent);

    /** Share of correct answers on the test images, with the current weights. */
    Accuracy accuracy(Dataset data);

    @Override
    void close();

    /** One step of the optimiser against the gradient of a loss. */
    @FunctionalInterface
    interface Descent {
        /**
         * Moves the parameters.
         *
         * @return the value of the loss
         * @throws DivergedException if the loss is not finite; the parameters are untouched then
         */
        double descend(Tensor loss);
    }

    /**
     * What happened on a batch.
     *
     * @param loss mean loss of the batch
     * @param correct how many training images were classified correctly, augmented as they were
     * @param extras further means to log, by name
     */
    record Outcome(double loss, int correct, Map<String, Double> extras) {}
}
