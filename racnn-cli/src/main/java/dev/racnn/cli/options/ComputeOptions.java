package dev.racnn.cli.options;

import dev.racnn.racnn.Bundle;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.Precision;
import dev.racnn.tensor.Threads;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options {@code --device}, {@code --threads} and {@code --precision}, which every command that computes takes. */
public final class ComputeOptions {
    /** More than any machine gains from; far more never get started. */
    private static final int MOST_THREADS = 1024;

    /** Images, on a processor. */
    private static final int ATTACKED_TOGETHER = 64;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda[:N]|mps|auto",
            defaultValue = "auto",
            description =
                    "What to compute with; auto, the default, is a GPU if this build has libtorch for one and finds"
                            + " one.")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with; all processors by default.")
    private @Nullable Integer threads;

    @Option(
            names = "--precision",
            paramLabel = "auto|fp32|bf16",
            description =
                    "Arithmetic of convolutions and matrix products. auto, the default: what an index was built in,"
                            + " else bf16 where it is clearly faster on this device. Attacks and evaluations: fp32 by"
                            + " default.")
    private @Nullable Precision precision;

    ComputeOptions() {}

    /**
     * Applies {@code --device} and {@code --threads} to libtorch and returns the number of threads.
     *
     * @throws ParameterException if there is no such device, or a number that is not positive, or far beyond any machine
     * @throws IllegalStateException if libtorch cannot compute with the device
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
        useDevice();
        int count = threads == null ? Threads.available() : threads;
        Threads.use(count);
        return count;
    }

    private void useDevice() {
        Device chosen;
        try {
            chosen = Device.parse(device);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--" + e.getMessage(), e);
        }
        chosen.use();
        if (!chosen.equals(Device.CPU)) {
            command.commandLine().getErr().println("computing with " + chosen);
        }
    }

    /** How many images to attack together: what was asked for, else what suits the device. */
    public int batchOfAttacks(@Nullable Integer asked) {
        return asked == null ? Device.current().batch(ATTACKED_TOGETHER) : asked;
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
