package dev.racnn.training;

/** Thrown when a loss is not a finite number any more. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DivergedException(long step, double rate, double loss) {
        super(
                "the loss became %s at step %d with learning rate %.3g; lower training.learningRate or lengthen its warmup, and resume from the last checkpoint"
                        .formatted(loss, step, rate));
    }
}
