package dev.racnn.cli.options;

import dev.racnn.racnn.Bundle;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Threads;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options {@code --threads} and {@code --precision}, which every command that computes takes. */
public final class ComputeOptions {
    /** More than any machine gains from; far more never get started. */
    private static final int MOST_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with; all processors by default.")
    private @Nullable Integer threads;

    @Option(
            names = "--precision",
            paramLabel = "auto|fp32|bf16",
            description =
                    "Arithmetic of convolutions and matrix products. auto, the default: what an index was built in,"
                        + " else bf16 where it is clearly faster on this processor. Attacks and evaluations: fp32 by"
                        + " default.")
    private @Nullable Precision precision;

    ComputeOptions() {}

    /**
     * Applies {@code --threads} to libtorch and returns their number.
     *
     * @throws ParameterException if it is not positive, or far beyond any machine
     */
    public int apply() {
        if (threads != null && threads < 1) {
            throw new ParameterException(command.commandLine(), "--threads must be at least 1, but is " + threads);
        }
        int most = Math.max(MOST_THREADS, Threads.available());
        if (threads != null && threads > most) {
            throw new ParameterException(
                    command.commandLine(),
                    "--threads must be at most %s, but is %s; this machine has %s processors"
                            .formatted(most, threads, Threads.available()));
        }
        int count = threads == null ? Threads.available() : threads;
        Threads.use(count);
        return count;
    }

    /** Opens a bundle that answers in the precision asked for. */
    public Bundle open(Path bundle) throws IOException {
        return Bundle.open(bundle, precision == null ? Precision.AUTO : precision);
    }

    /** What {@code --precision} says; null if it was not given. */
    @Nullable
    public Precision precision() {
        return precision;
    }

    /** The precision of attacks and evaluations: bf16 rounds small perturbations away, so it has to be asked for. */
    public Precision precisionOfAttacks() {
        return precision == null ? Precision.FP32 : precision.chosen();
    }
}
