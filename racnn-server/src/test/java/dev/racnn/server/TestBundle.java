package dev.racnn.server;

import dev.racnn.data.Bundled;
import dev.racnn.data.Subset;
import dev.racnn.racnn.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The trained RaCNN of the repository, with some of the images that ship with the library as its candidates. */
public final class TestBundle {
    private static final Path MODELS = Path.of("../models");
    static final int CANDIDATES = 120;

    private TestBundle() {}

    /** A copy in a folder. */
    public static Path in(Path folder) throws IOException {
        return in(folder, CANDIDATES);
    }

    /** A copy in a folder, with so many candidates. */
    static Path in(Path folder, int candidates) throws IOException {
        Path bundle = Files.createDirectories(folder.resolve("racnn"));
        for (String file : List.of("bundle.json", "weights.safetensors", "settings.yaml")) {
            Files.copy(MODELS.resolve("cifar10-racnn-k10-mixup").resolve(file), bundle.resolve(file));
        }
        try (Bundle opened = Bundle.open(bundle)) {
            opened.buildIndex(Subset.range(Bundled.train(), 0, candidates), _ -> {});
        }
        return bundle;
    }

    /** A copy of a bundle in a folder. */
    public static Path copy(Path bundle, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(bundle)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        folder.resolve("racnn").resolve(bundle.relativize(file).toString()));
            }
        }
        return folder.resolve("racnn");
    }

    /** The trained baseline of the repository. */
    public static Path baseline() {
        return MODELS.resolve("cifar10-baseline");
    }
}
