package dev.racnn.racnn;

import dev.racnn.files.AtomicFile;
import dev.racnn.files.Folders;
import dev.racnn.files.Sha256;
import dev.racnn.model.Networks;
import dev.racnn.tensor.SafeTensors;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A copy of a bundle whose weights are stored as float16, to be kept or sent: half as large. It computes in the same precision
 * as the other, with weights that are rounded to 11 significant bits.
 */
public final class HalfBundle {
    private HalfBundle() {}

    /**
     * Writes the copy, without a candidate set, which the rounded networks have to compute anew.
     *
     * @throws IOException if the bundle is not complete or its weights do not have the checksum that it states, or if the
     *     folder of the copy is not empty
     */
    public static void write(Path bundle, Path copy) throws IOException {
        try (Networks _ = Bundle.trained(bundle);
                var _ = Scope.open()) {
            Files.createDirectories(copy);
            if (!Folders.isEmpty(copy)) {
                throw new IOException(
                        "%s must be empty for the copy of %s; choose another folder".formatted(copy, bundle));
            }
            Path weights = copy.resolve(Bundle.WEIGHTS);
            SafeTensors.writeHalves(
                    weights, SafeTensors.read(bundle.resolve(Bundle.WEIGHTS)).tensors(), Map.of());
            try (Stream<Path> files = Files.list(bundle)) {
                for (Path file : files.filter(HalfBundle::isRecord).toList()) {
                    AtomicFile.write(copy.resolve(file.getFileName()), out -> Files.copy(file, out));
                }
            }
            BundleDescription.read(bundle).withWeights(Sha256.of(weights)).write(copy);
        }
    }

    /** Settings, log and curve of the training. */
    private static boolean isRecord(Path file) {
        return file.toString().endsWith(".yaml")
                || file.toString().endsWith(".jsonl")
                || file.toString().endsWith(".svg");
    }
}
