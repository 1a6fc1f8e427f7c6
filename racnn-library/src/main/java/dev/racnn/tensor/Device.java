package dev.racnn.tensor;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What tensors lie on and are computed with: the processor or a graphics processor. It is one for the whole process, chosen
 * before anything is made: {@link Tensors} makes every tensor there and reads it from there.
 *
 * @param kind which sort of device
 * @param index which of several, from 0; 0 for the processor
 */
public record Device(Kind kind, int index) {
    /** The processor, where everything is computed unless another device is chosen. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    private static final Pattern TEXT = Pattern.compile("(cpu|cuda|mps|auto)|cuda:(\\d{1,2})");
    /** How many times as many images a graphics processor is given at a time. */
    private static final int WIDER = 16;

    private static volatile Device current = CPU;

    /** Sorts of devices. */
    public enum Kind {
        /** The processor and its memory. */
        CPU(DeviceType.CPU),
        /** A GPU of NVIDIA. */
        CUDA(DeviceType.CUDA),
        /** The GPU of a Mac. */
        MPS(DeviceType.MPS);

        private final DeviceType type;

        Kind(DeviceType type) {
            this.type = type;
        }
    }

    public Device {
        if (index < 0 || (index > 0 && kind != Kind.CUDA)) {
            throw new IllegalArgumentException(
                    "a device is numbered from 0, and only CUDA has several, but it is number " + index + " of "
                            + kind);
        }
    }

    /**
     * The device that a text names: {@code cpu}, {@code cuda}, {@code cuda:1}, {@code mps}, or {@code auto}, a GPU if libtorch
     * has one here.
     *
     * @throws IllegalArgumentException if it names none
     */
    public static Device parse(String text) {
        Matcher matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("device must be cpu, cuda, cuda:N, mps or auto, but is " + text);
        }
        if (matcher.group(2) != null) {
            return new Device(Kind.CUDA, Integer.parseInt(matcher.group(2)));
        }
        return switch (matcher.group(1)) {
            case "cuda" -> new Device(Kind.CUDA, 0);
            case "mps" -> new Device(Kind.MPS, 0);
            case "auto" -> fastest();
            default -> CPU;
        };
    }

    private static Device fastest() {
        if (torch.cuda_device_count() > 0) {
            return new Device(Kind.CUDA, 0);
        }
        return torch.hasMPS() ? new Device(Kind.MPS, 0) : CPU;
    }

    /** Where tensors are made. */
    public static Device current() {
        return current;
    }

    /**
     * Makes tensors here from now on. What was made before stays where it is, so this comes first in a process.
     *
     * @throws IllegalStateException if libtorch cannot compute with this device; the message names what is missing
     */
    public void use() {
        switch (kind) {
            case CPU -> {}
            case MPS -> {
                if (!torch.hasMPS()) {
                    throw new IllegalStateException(
                            "there is no device mps: libtorch finds no GPU of a Mac here; compute with cpu");
                }
            }
            case CUDA -> useCuda();
        }
        current = this;
    }

    private void useCuda() {
        long count = torch.cuda_device_count();
        if (count == 0) {
            throw new IllegalStateException("there is no device %s: %s".formatted(this, MissingCuda.reason()));
        }
        if (index >= count) {
            throw new IllegalStateException(
                    "there is no device %s: this machine has %s, cuda:0 to cuda:%s".formatted(this, count, count - 1));
        }
        Context context = torch.globalContext();
        // fp32 means fp32, as on a processor: TensorFloat-32 has ten bits, and small perturbations would be rounded
        // away.
        context.setAllowTF32CuDNN(false);
        context.setAllowTF32CuBLAS(false);
    }

    /**
     * Lets cuDNN try its algorithms for every new shape and keep the fastest, for the whole process: worth it where shapes
     * repeat, as in training.
     */
    public static void expectSameShapes(boolean expected) {
        if (current.kind == Kind.CUDA) {
            torch.globalContext().setBenchmarkCuDNN(expected);
        }
    }

    /** How many images to compute with at a time where the processor is best given {@code onCpu}. */
    public int batch(int onCpu) {
        return kind == Kind.CPU ? onCpu : WIDER * onCpu;
    }

    /** What libtorch is told of the device when it reads a file. */
    public DeviceOptional optional() {
        return new DeviceOptional(made());
    }

    DeviceType type() {
        return kind.type;
    }

    TensorOptions options(ScalarType type) {
        return new TensorOptions(type).device(optional());
    }

    /** A tensor of the host on this device; the same one if that is where it is. */
    Tensor place(Tensor host) {
        return kind == Kind.CPU ? host : host.to(made(), host.scalar_type());
    }

    private org.bytedeco.pytorch.Device made() {
        return new org.bytedeco.pytorch.Device(toString());
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return kind == Kind.CUDA ? "cuda:" + index : kind.toString().toLowerCase(Locale.ROOT);
    }
}
