package dev.racnn.tensor;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.global.torch;

/**
 * What random numbers follow from. A run has one; every purpose in it (the weights of a network, the order of an epoch,
 * the draws of a step) gets one of its own, derived by name and number, so that no two purposes and no two runs share a
 * stream, also not those of neighbouring seeds.
 *
 * @param value any number
 */
public record Seed(long value) {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** The seed of a purpose. */
    public Seed derive(String purpose) {
        long mixed = value;
        for (byte letter : purpose.getBytes(StandardCharsets.UTF_8)) {
            mixed = mix(mixed, letter);
        }
        // The length keeps a name apart from the numbers that spell it.
        return new Seed(mix(mixed, ~(long) purpose.length()));
    }

    /** The seed of one of many: of an epoch, a step, an image. */
    public Seed derive(long number) {
        return new Seed(mix(value, number));
    }

    /** A generator of random numbers that starts here. */
    public SplittableRandom random() {
        return new SplittableRandom(value);
    }

    /** Lets the random numbers of libtorch, which models may draw from in every pass, start here. */
    public void use() {
        torch.manual_seed(value);
    }

    private static long mix(long state, long next) {
        return finalise(finalise(state + GOLDEN_GAMMA) + next);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every input bit reaches every output bit. */
    private static long finalise(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
