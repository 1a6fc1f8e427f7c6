package dev.racnn.tensor;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Context;
import org.jspecify.annotations.Nullable;

/**
 * Why libtorch has no CUDA in this process. JavaCPP goes on without the part of libtorch that needs CUDA, in silence, when it
 * cannot load it; the linker is asked once more, for its answer.
 */
final class MissingCuda {
    private static final Pattern LIBRARY = Pattern.compile("(lib[\\w.+-]+\\.so[\\d.]*): cannot open shared object");

    private MissingCuda() {}

    /** What is missing and what to do about it, in a line. */
    static String reason() {
        if (Context.hasCUDART()) {
            return "libtorch finds no GPU that its driver can use; does `nvidia-smi` show one, and"
                    + " CUDA_VISIBLE_DEVICES not hide it?";
        }
        URL natives = Loader.class.getResource("/org/bytedeco/pytorch/%s-gpu/%storch_cuda%s"
                .formatted(
                        Loader.getPlatform(),
                        Loader.loadProperties().getProperty("platform.library.prefix", ""),
                        Loader.loadProperties().getProperty("platform.library.suffix", "")));
        if (natives == null) {
            return "this build has libtorch for processors only; start ./racnn -Pgpu, or build with Maven's -Pgpu";
        }
        return linking(natives);
    }

    @SuppressWarnings("restricted")
    private static String linking(URL natives) {
        try {
            File library = Loader.cacheResource(natives);
            System.load(library.getPath());
            return "its libraries load, but libtorch was loaded without them before; start again";
        } catch (UnsatisfiedLinkError e) {
            return missing(e.getMessage());
        } catch (IOException e) {
            return "the libraries cannot be unpacked: " + e.getMessage();
        }
    }

    /** What the linker says, shortened where it is understood. */
    static String missing(@Nullable String linker) {
        Matcher matcher = LIBRARY.matcher(linker == null ? "" : linker);
        return matcher.find()
                ? "the library %s is missing; install CUDA 13 with cuDNN 9, see docs/gpu.md".formatted(matcher.group(1))
                : "its libraries cannot be loaded (%s); see docs/gpu.md".formatted(linker);
    }
}
