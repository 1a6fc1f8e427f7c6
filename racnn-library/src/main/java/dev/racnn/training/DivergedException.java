package dev.racnn.training;

import java.util.Locale;

/** Thrown when a loss is not a finite number any more. */
public final class DivergedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    DivergedException(Stage stage, long step, double rate, double loss) {
        super(String.format(
                Locale.ROOT,
                "the loss of %s became %s at step %s with learning rate %.3g; lower %5$s.learningRate or lengthen"
                        + " %5$s.warmup, and train into another folder",
                stage,
                loss,
                step,
                rate,
                stage.group()));
    }
}
