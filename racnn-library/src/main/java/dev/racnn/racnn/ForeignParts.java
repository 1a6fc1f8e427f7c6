package dev.racnn.racnn;

import dev.racnn.model.Architecture;
import dev.racnn.model.Frozen;
import dev.racnn.model.Networks;
import dev.racnn.model.Networks.Part;
import dev.racnn.model.TorchScriptBackbone;
import dev.racnn.model.TorchScriptExtractor;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the networks of a frozen architecture the functions that they know by name: TorchScript files in a folder. */
final class ForeignParts {
    private ForeignParts() {}

    /**
     * Loads what an architecture names.
     *
     * @param networks with phi, and phi' if it is another one
     * @return what was loaded, to be closed after the networks
     * @throws IOException if a file is missing, was changed, or cannot serve
     */
    static List<TorchScriptExtractor> give(
            Networks networks, Architecture architecture, Path folder, Precision precision) throws IOException {
        List<TorchScriptExtractor> opened = new ArrayList<>();
        if (architecture instanceof Frozen(Architecture backbone, Architecture keys)) {
            try {
                give(networks, Part.PHI, backbone, folder, precision, opened);
                give(networks, Part.PHI_PRIME, keys, folder, precision, opened);
            } catch (IOException e) {
                opened.forEach(TorchScriptExtractor::close);
                throw e;
            }
        }
        return opened;
    }

    private static void give(
            Networks networks,
            Part part,
            @Nullable Architecture architecture,
            Path folder,
            Precision precision,
            List<TorchScriptExtractor> opened)
            throws IOException {
        if (!(architecture instanceof TorchScriptBackbone torchScript)) {
            return;
        }
        Bundle.requireUnchanged(folder.resolve(torchScript.file()), torchScript.sha256());
        TorchScriptExtractor extractor = torchScript.open(folder, precision);
        opened.add(extractor);
        networks.get(part).give(torchScript.file(), extractor);
    }
}
