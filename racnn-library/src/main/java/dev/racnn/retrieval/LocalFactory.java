package dev.racnn.retrieval;

import dev.racnn.files.AtomicFile;
import dev.racnn.files.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/** What the engines of this package have in common: how they are built, saved and opened. */
interface LocalFactory extends IndexFactory {
    /**
     * Builds the engine.
     *
     * @param folder where files may stay that the index works on, or null for a folder that goes with the engine
     */
    SavableEngine build(Keys keys, @Nullable Path folder, Workers workers) throws IOException;

    /** The engine with what was saved of it. */
    RetrievalEngine open(Keys keys, IndexFolder saved, Workers workers) throws IOException;

    @Override
    default RetrievalEngine build(Keys keys, int threads) {
        KeyChecks.requireUsable(keys);
        Workers workers = new Workers(threads);
        try {
            return build(keys, null, workers);
        } catch (IOException e) {
            workers.close();
            throw new UncheckedIOException("engine " + this + " could not be built: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    @Override
    default RetrievalEngine build(Keys keys, Path folder, int threads) throws IOException {
        if (Files.exists(folder)) {
            throw new IOException("index %s is there already; delete it or choose another folder".formatted(folder));
        }
        KeyChecks.requireUsable(keys);
        Path aside = folder.resolveSibling(folder.getFileName() + ".new");
        Folders.delete(aside);
        AtomicFile.createFolders(aside);
        try (Workers workers = new Workers(threads);
                SavableEngine built = build(keys, aside, workers)) {
            IndexFolder.Writer writer = new IndexFolder.Writer(aside);
            built.save(writer);
            writer.finish(this, keys);
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

    @Override
    default RetrievalEngine open(Path folder, Keys keys, int threads) throws IOException {
        Workers workers = new Workers(threads);
        try {
            return open(keys, IndexFolder.open(folder, keys, workers), workers);
        } catch (IOException | RuntimeException e) {
            workers.close();
            throw e;
        }
    }
}
