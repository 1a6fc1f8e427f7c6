package dev.racnn.retrieval;

import dev.racnn.files.AtomicFile;
import dev.racnn.files.ColumnWriter;
import dev.racnn.files.DataFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The files of a saved index: arrays of little-endian numbers, each with its checksum in the {@link IndexManifest}. */
final class IndexFolder {
    private final Path folder;
    private final IndexManifest manifest;

    private IndexFolder(Path folder, IndexManifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * Opens a folder and checks every byte of it.
     *
     * @throws IOException if it is damaged, of another version, or belongs to other keys
     */
    static IndexFolder open(Path folder, Keys keys, Workers workers) throws IOException {
        IndexManifest manifest = IndexManifest.FILE.read(folder);
        if (manifest.candidates() != keys.size() || manifest.dimension() != keys.dimension()) {
            throw new IOException(
                    "index %s is of %s keys of dimension %s, but the candidates have %s of dimension %s; build the index again"
                            .formatted(
                                    folder,
                                    manifest.candidates(),
                                    manifest.dimension(),
                                    keys.size(),
                                    keys.dimension()));
        }
        String fingerprint = keys.fingerprint();
        if (!fingerprint.equals(manifest.keys())) {
            // Damaged keys are the likelier reason, and a new index would hide them.
            keys.verify();
            throw new IOException(
                    "index %s is of keys with fingerprint %s, but the candidates' keys have %s; build the index again"
                            .formatted(folder, manifest.keys(), fingerprint));
        }
        IOException[] failures = new IOException[1];
        workers.forEach(manifest.files().size(), i -> {
            try {
                manifest.files().get(i).verify(folder, IndexManifest.FILE.remedy());
            } catch (IOException e) {
                synchronized (failures) {
                    failures[0] = e;
                }
            }
        });
        if (failures[0] != null) {
            throw failures[0];
        }
        return new IndexFolder(folder, manifest);
    }

    Path path() {
        return folder;
    }

    /** Whether the index has a file of this name. */
    boolean has(String name) {
        return manifest.files().stream().anyMatch(file -> file.name().equals(name));
    }

    float[] floats(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return map(folder.resolve(name), arena)
                    .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
        }
    }

    int[] ints(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return map(folder.resolve(name), arena)
                    .toArray(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
        }
    }

    long[] longs(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return map(folder.resolve(name), arena)
                    .toArray(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** A file as it lies on the disk, mapped for as long as it is referred to. */
    MemorySegment mapped(String name) throws IOException {
        return map(folder.resolve(name), Arena.ofAuto());
    }

    private static MemorySegment map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** Puts an array into its file, part by part. */
    interface FloatParts {
        void write(ColumnWriter column) throws IOException;
    }

    /** Writes the files of an index into an empty folder. */
    static final class Writer {
        private final Path folder;
        private final List<DataFile> files = new ArrayList<>();

        Writer(Path folder) {
            this.folder = folder;
        }

        void floats(String name, float[] values) throws IOException {
            try (ColumnWriter column = new ColumnWriter(folder.resolve(name))) {
                column.putFloats(values);
                files.add(column.force());
            }
        }

        /** Writes an array in parts. */
        void floats(String name, FloatParts parts) throws IOException {
            try (ColumnWriter column = new ColumnWriter(folder.resolve(name))) {
                parts.write(column);
                files.add(column.force());
            }
        }

        void ints(String name, int[] values) throws IOException {
            try (ColumnWriter column = new ColumnWriter(folder.resolve(name))) {
                for (int value : values) {
                    column.putInt(value);
                }
                files.add(column.force());
            }
        }

        void longs(String name, long[] values) throws IOException {
            try (ColumnWriter column = new ColumnWriter(folder.resolve(name))) {
                for (long value : values) {
                    column.putLong(value);
                }
                files.add(column.force());
            }
        }

        /** Notes a file that lies in the folder already. */
        void present(String name) throws IOException {
            AtomicFile.force(folder.resolve(name));
            files.add(DataFile.of(folder.resolve(name)));
        }

        /** Completes the folder by its manifest. */
        void finish(IndexFactory engine, Keys keys) throws IOException {
            IndexManifest.FILE.write(
                    folder,
                    new IndexManifest(engine.toString(), keys.size(), keys.dimension(), keys.fingerprint(), files));
        }
    }
}
