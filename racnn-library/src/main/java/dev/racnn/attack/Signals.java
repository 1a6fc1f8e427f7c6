package dev.racnn.attack;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What is known of some points. Each signal is computed when a loss asks for it, once, from the points or from other signals; all of them are
 * parts of one autograd graph that begins at the points.
 */
public final class Signals {
    private final Tensor points;
    private final Map<Signal, Function<Signals, Tensor>> makers = new LinkedHashMap<>();
    private final Map<Signal, Tensor> made = new HashMap<>();

    /** @param points float32 [n, 3, H, W] */
    public Signals(Tensor points) {
        this.points = points;
    }

    /**
     * Offers a signal.
     *
     * @param maker computes it, from {@link #points} or from other signals; one row for each point
     * @return this
     */
    public Signals with(Signal signal, Function<Signals, Tensor> maker) {
        makers.put(signal, maker);
        return this;
    }

    /** Where signals are computed: float32 [n, 3, H, W]. */
    public Tensor points() {
        return points;
    }

    /**
     * A signal.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public Tensor get(Signal signal) {
        Tensor known = made.get(signal);
        if (known != null) {
            return known;
        }
        Function<Signals, Tensor> maker = makers.get(signal);
        if (maker == null) {
            throw new IllegalArgumentException(
                    "the loss asks for '%s', but the gradient path offers %s; use another path, or another loss"
                            .formatted(signal, makers.keySet()));
        }
        Tensor value = maker.apply(this);
        made.put(signal, value);
        return value;
    }

    /** A signal if somebody has asked for it. */
    @Nullable
    Tensor asked(Signal signal) {
        return made.get(signal);
    }
}
