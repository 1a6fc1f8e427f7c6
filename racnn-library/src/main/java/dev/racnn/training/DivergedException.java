package dev.racnn.training;

/** Thrown when a loss is not a finite number any more. */
public final class DivergedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    DivergedException(Stage stage, long step, double rate, double loss) {
        super(
                "the loss of %s became %s at step %d with learning rate %.3g; lower %5$s.learningRate or lengthen %5$s.warmup, and train into another folder"
                        .formatted(stage, loss, step, rate, stage.group()));
    }
}
