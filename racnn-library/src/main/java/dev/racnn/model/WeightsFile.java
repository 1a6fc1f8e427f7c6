package dev.racnn.model;

import dev.racnn.tensor.PthFile;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights from elsewhere: a safetensors file, or what {@code torch.save} wrote.
 *
 * @param file where they are
 * @param tensors by name, owned by the scope that read them
 * @param leftOut what else the file holds, for people
 */
public record WeightsFile(Path file, Map<String, Tensor> tensors, List<String> leftOut) {
    private static final String SAFETENSORS = ".safetensors";
    /** PyTorch counts the batches that a normalisation has seen; nothing hangs on it. */
    private static final String COUNTER = ".num_batches_tracked";

    private static final int SHOWN = 4;

    /**
     * Reads a file; its ending tells the format.
     *
     * @throws IOException if there is none, it is damaged, or it holds no weights
     */
    public static WeightsFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such file of weights");
        }
        if (file.toString().endsWith(SAFETENSORS)) {
            return new WeightsFile(file, SafeTensors.readAny(file).tensors(), List.of());
        }
        PthFile.Contents contents = PthFile.read(file);
        return new WeightsFile(file, contents.tensors(), contents.leftOut());
    }

    /**
     * Gives a network its weights.
     *
     * @param others which further names the file may have
     * @throws IOException if they are those of another network, naming what is missing, what is extra, and what has another
     *     shape; the network is as it was then
     */
    public void load(Network network, Predicate<String> others) throws IOException {
        Map<String, Tensor> needed = network.state();
        List<String> missing = needed.keySet().stream()
                .filter(name -> !tensors.containsKey(name))
                .toList();
        List<String> extra = tensors.keySet().stream()
                .filter(name -> !needed.containsKey(name) && !name.endsWith(COUNTER) && !others.test(name))
                .toList();
        List<String> misshapen = new ArrayList<>();
        needed.forEach((name, target) -> {
            Tensor given = tensors.get(name);
            if (given != null && !Arrays.equals(Tensors.shape(given), Tensors.shape(target))) {
                misshapen.add("%s has shape %s instead of %s"
                        .formatted(
                                name, Arrays.toString(Tensors.shape(given)), Arrays.toString(Tensors.shape(target))));
            }
        });
        if (!missing.isEmpty() || !extra.isEmpty() || !misshapen.isEmpty()) {
            List<String> faults = new ArrayList<>();
            if (!missing.isEmpty()) {
                faults.add("it lacks " + some(missing));
            }
            if (!extra.isEmpty()) {
                faults.add("it has " + some(extra) + " as well");
            }
            if (!misshapen.isEmpty()) {
                faults.add(some(misshapen));
            }
            throw new IOException(
                    "%s holds the weights of another network: %s; choose the architecture that they belong to"
                            .formatted(file, String.join("; ", faults)));
        }
        network.load(tensors);
    }

    private static String some(List<String> all) {
        String first = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() <= SHOWN ? first : "%s and %s more".formatted(first, all.size() - SHOWN);
    }
}
