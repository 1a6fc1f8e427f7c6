package dev.racnn.retrieval;

import dev.racnn.files.AtomicFile;
import dev.racnn.files.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Builds, saves and opens the retrieval engines that {@link EngineSpec} describes. The keys are read by every search, by
 * several threads, and must neither change nor be closed before the engine.
 */
public final class Engines {
    private Engines() {}

    /**
     * Builds an engine that is gone when it is closed.
     *
     * @param keys the candidates' keys: finite, ids unique
     * @param threads threads that share the work of building and of one search, at least 1
     * @throws IllegalArgumentException if there is no candidate, an id is not unique, a component is not finite, or the
     *     settings do not fit the keys
     */
    public static RetrievalEngine build(EngineSpec spec, Keys keys, int threads) {
        Workers workers = new Workers(threads);
        try {
            return build(spec, keys, null, workers);
        } catch (IOException e) {
            workers.close();
            throw new UncheckedIOException("engine " + spec + " could not be built: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    /**
     * Builds an engine's index, saves it in a folder that is not there yet, and opens it. The folder is there when the
     * index is complete and on the disk.
     *
     * @throws IllegalArgumentException see {@link #build(EngineSpec, Keys, int)}
     * @throws IOException if the folder is there or cannot be written
     */
    public static RetrievalEngine build(EngineSpec spec, Keys keys, Path folder, int threads) throws IOException {
        if (Files.exists(folder)) {
            throw new IOException("index %s is there already; delete it or choose another folder".formatted(folder));
        }
        Path aside = folder.resolveSibling(folder.getFileName() + ".new");
        Folders.delete(aside);
        AtomicFile.createFolders(aside);
        try (Workers workers = new Workers(threads);
                SavableEngine built = build(spec, keys, aside, workers)) {
            IndexFolder.Writer writer = new IndexFolder.Writer(aside);
            built.save(writer);
            writer.finish(spec, keys);
        } catch (IOException | RuntimeException e) {
            Folders.delete(aside);
            throw e;
        }
        Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            AtomicFile.force(parent);
        }
        return open(folder, keys, threads);
    }

    /**
     * Opens a saved index over the keys that it was built from.
     *
     * @throws IOException if the index is missing, damaged, of another version, or of other keys
     */
    public static RetrievalEngine open(Path folder, Keys keys, int threads) throws IOException {
        return open(folder, settings(folder), keys, threads);
    }

    /**
     * The same with settings that need only agree in what matters to building, see {@link EngineSpec#forBuilding}.
     *
     * @throws IOException if the index is missing, damaged, of another version, or of other keys
     */
    public static RetrievalEngine open(Path folder, EngineSpec spec, Keys keys, int threads) throws IOException {
        Workers workers = new Workers(threads);
        try {
            IndexFolder saved = IndexFolder.open(folder, keys, workers);
            KeySource source = KeySource.open(keys, saved);
            return switch (spec) {
                case EngineSpec.Exact exact -> ExactSearch.open(keys, source, exact.components(), saved, workers);
                case EngineSpec.Lsh lsh ->
                    new IndexedEngine(keys, source, LshSearch.open(saved, source, lsh, workers), workers);
                case EngineSpec.Codes codes ->
                    new IndexedEngine(keys, source, CodesSearch.open(saved, keys, source, codes), workers);
                case EngineSpec.Hnsw hnsw ->
                    new IndexedEngine(keys, source, HnswSearch.open(saved.path(), hnsw), workers);
            };
        } catch (IOException | RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    /** Whether a folder holds a saved index that was finished. */
    public static boolean isSavedIn(Path folder) {
        return IndexManifest.FILE.isIn(folder);
    }

    /**
     * Reads all of a saved index.
     *
     * @throws IOException if it is missing, damaged, of another version, or of other keys
     */
    public static void verify(Path folder, Keys keys) throws IOException {
        try (Workers alone = new Workers(1)) {
            IndexFolder.open(folder, keys, alone);
        }
    }

    /**
     * The settings that a saved index was built with.
     *
     * @throws IOException if the index is missing, damaged or of another version
     */
    public static EngineSpec settings(Path folder) throws IOException {
        return EngineSpec.parse(IndexManifest.FILE.read(folder).engine());
    }

    /** @param folder where files may stay that the index works on, or null for a folder that goes with the engine */
    private static SavableEngine build(EngineSpec spec, Keys keys, @Nullable Path folder, Workers workers)
            throws IOException {
        KeyChecks.requireUsable(keys);
        KeySource source = KeySource.of(keys, spec, workers);
        return switch (spec) {
            case EngineSpec.Exact exact -> ExactSearch.build(keys, source, exact.components(), workers);
            case EngineSpec.Lsh lsh -> new IndexedEngine(keys, source, LshSearch.build(source, lsh, workers), workers);
            case EngineSpec.Codes codes ->
                new IndexedEngine(keys, source, CodesSearch.build(keys, source, codes, workers), workers);
            case EngineSpec.Hnsw hnsw ->
                new IndexedEngine(keys, source, HnswSearch.build(source, hnsw, folder, workers), workers);
        };
    }
}
