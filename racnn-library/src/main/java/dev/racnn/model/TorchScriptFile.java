package dev.racnn.model;

import dev.racnn.files.TemporaryFolder;
import dev.racnn.tensor.Device;
import dev.racnn.tensor.LibtorchFault;
import dev.racnn.tensor.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.parameter_iterator;
import org.bytedeco.pytorch.parameter_list;
import org.jspecify.annotations.Nullable;

/** Loads what {@code torch.jit.save} wrote, wherever the model lay when it was saved. */
final class TorchScriptFile {
    private static final String CODE = ".py";
    /** What a traced model has written into its code: where it lay then. */
    private static final Pattern DEVICE = Pattern.compile("torch\\.device\\(\"([^\"]+)\"\\)");

    private TorchScriptFile() {}

    /**
     * Loads a model onto the {@link Device} in use, in evaluation mode.
     *
     * @return a module that no scope owns
     * @throws IOException if there is no such file, or it is not TorchScript
     */
    static JitModule load(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no such TorchScript file");
        }
        boolean elsewhere;
        try (ZipFile archive = new ZipFile(file.toFile())) {
            requireScript(file, archive);
            elsewhere = namesAnotherDevice(archive);
        } catch (ZipException e) {
            throw unusable(file, "it is no ZIP archive: " + e.getMessage(), e);
        }
        if (!elsewhere) {
            return read(file, file);
        }
        try (TemporaryFolder folder =
                TemporaryFolder.create(Path.of(System.getProperty("java.io.tmpdir")), "racnn-model-")) {
            Path moved = folder.path().resolve("model.pt");
            writeForThisDevice(file, moved);
            return read(moved, file);
        }
    }

    private static JitModule read(Path file, Path named) throws IOException {
        try (var _ = Scope.open()) {
            // The profiling executor compiles anew for every batch size, and attacks shrink their batches all the time.
            torch.getExecutorMode().put(false);
            JitModule module = torch.load(file.toString(), Device.current().optional(), true);
            module.eval();
            parameter_list parameters = module.parameters();
            for (parameter_iterator p = parameters.begin(); p.notEquals(parameters.end()); p.increment()) {
                // Nothing trains them: gradients go to the images only.
                p.multiply().set_requires_grad(false);
            }
            return Scope.unscoped(module);
        } catch (RuntimeException e) {
            throw unusable(named, LibtorchFault.of(e), e);
        }
    }

    /** Tells other things that PyTorch keeps in archives apart, which libtorch only misses files in. */
    private static void requireScript(Path file, ZipFile archive) throws IOException {
        boolean pickled = false;
        boolean script = false;
        for (ZipEntry entry : archive.stream().toList()) {
            pickled |= entry.getName().endsWith("/data.pkl");
            script |= entry.getName().contains("/code/") && entry.getName().endsWith(CODE);
        }
        if (!script) {
            throw unusable(
                    file,
                    pickled
                            ? "it holds what torch.save wrote, weights or a pickled model; trace or script the model"
                                    + " and save that"
                            : "it is an archive of another kind",
                    null);
        }
    }

    private static boolean namesAnotherDevice(ZipFile archive) throws IOException {
        String here = Device.current().toString();
        for (ZipEntry entry : archive.stream().toList()) {
            if (entry.getName().endsWith(CODE)
                    && DEVICE.matcher(text(archive, entry)).results().anyMatch(named -> !here.equals(named.group(1)))) {
                return true;
            }
        }
        return false;
    }

    private static void writeForThisDevice(Path file, Path target) throws IOException {
        String here = "torch.device(\"" + Device.current() + "\")";
        try (ZipFile archive = new ZipFile(file.toFile());
                OutputStream out = Files.newOutputStream(target);
                ZipOutputStream copy = new ZipOutputStream(out)) {
            // Most of an archive is weights, which hardly shrink.
            copy.setLevel(0);
            for (ZipEntry entry : archive.stream().toList()) {
                copy.putNextEntry(new ZipEntry(entry.getName()));
                if (entry.getName().endsWith(CODE)) {
                    copy.write(DEVICE.matcher(text(archive, entry))
                            .replaceAll(here)
                            .getBytes(StandardCharsets.UTF_8));
                } else {
                    archive.getInputStream(entry).transferTo(copy);
                }
                copy.closeEntry();
            }
        }
    }

    private static String text(ZipFile archive, ZipEntry entry) throws IOException {
        return new String(archive.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static IOException unusable(Path file, String why, @Nullable Exception cause) {
        return new IOException(
                "%s: must be a TorchScript file, as torch.jit.save writes it, but cannot be read as one (%s)"
                        .formatted(file, why),
                cause);
    }
}
