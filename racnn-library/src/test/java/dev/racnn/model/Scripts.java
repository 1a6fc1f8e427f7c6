package dev.racnn.model;

import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.BoolType;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;

/** TorchScript files made from a few lines of script, as torch.jit.script and torch.jit.save would write them. */
public final class Scripts {
    private Scripts() {}

    /**
     * Writes a model.
     *
     * @param forward {@code def forward(self, x: Tensor) -> ..}
     * @param weights buffers that the script finds under {@code self}
     */
    public static Path write(Path file, String forward, Map<String, Tensor> weights) {
        try (var _ = Scope.open()) {
            JitModule module = module(forward, weights);
            module.save(file.toString());
            return file;
        }
    }

    /** Writes a model of one expression over images {@code x}. */
    public static Path write(Path file, String expression) {
        return write(file, "def forward(self, x: Tensor) -> Tensor:\n    return " + expression + "\n", Map.of());
    }

    /** A module owned by the scope of the caller. */
    public static JitModule module(String forward, Map<String, Tensor> weights) {
        JitModule module = empty("Model");
        weights.forEach(module::register_buffer);
        module.define(forward);
        return module;
    }

    /** A module without code, owned by the scope of the caller. */
    public static JitModule empty(String name) {
        JitModule module = new JitModule(new QualifiedName("__torch__." + name));
        module.register_attribute("training", new Type.TypePtr(BoolType.get().get()), new IValue(true));
        return module;
    }

    /** Changes the bytes of the entries of an archive whose names end so; each is taken as ISO 8859-1. */
    public static void edit(Path archive, String ending, UnaryOperator<String> change) throws IOException {
        try (FileSystem entries = FileSystems.newFileSystem(archive);
                Stream<Path> files = Files.walk(entries.getPath("/"))) {
            for (Path entry : files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .toList()) {
                String text = Files.readString(entry, java.nio.charset.StandardCharsets.ISO_8859_1);
                Files.writeString(entry, change.apply(text), java.nio.charset.StandardCharsets.ISO_8859_1);
            }
        }
    }
}
