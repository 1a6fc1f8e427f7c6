package dev.racnn.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.ArchiveException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads CIFAR-10 (Krizhevsky, 2009) in its official binary layout: files of 10,000 records, each one label byte and 3,072
 * bytes of a 32x32 image in the order channel, row, column.
 *
 * <p>A {@code path} is the folder that holds the {@code .bin} files, its parent, the official {@code cifar-10-binary.tar.gz},
 * or a folder with that.
 */
public final class Cifar10 {
    /** Height and width of every image. */
    public static final ImageSize IMAGE_SIZE = new ImageSize(32, 32);

    /** The ten classes in the order of their labels. */
    public static final List<String> CLASS_NAMES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    /** What the official archive is called. */
    static final String ARCHIVE = "cifar-10-binary.tar.gz";

    static final String FOLDER = "cifar-10-batches-bin";
    static final int RECORDS_PER_FILE = 10_000;
    static final int RECORD_BYTES = 1 + IMAGE_SIZE.bytes();
    static final long FILE_BYTES = (long) RECORDS_PER_FILE * RECORD_BYTES;

    private static final List<String> TRAINING_FILES =
            List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin");
    private static final List<String> TEST_FILES = List.of("test_batch.bin");
    private static final String REMEDY = "; get CIFAR-10 afresh with `racnn data download cifar10`";

    private Cifar10() {}

    /**
     * The 50,000 training images, in the order of {@code data_batch_1.bin} to {@code data_batch_5.bin}.
     *
     * @throws IOException if a file is missing, has not the official size, or holds an impossible label; the message names
     *     the file
     */
    public static Dataset train(Path path) throws IOException {
        return read(path, TRAINING_FILES);
    }

    /**
     * The 10,000 test images, in the order of {@code test_batch.bin}.
     *
     * @throws IOException as {@link #train}
     */
    public static Dataset test(Path path) throws IOException {
        return read(path, TEST_FILES);
    }

    private static Dataset read(Path path, List<String> files) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "no such folder or archive of CIFAR-10" + REMEDY);
        }
        Records records = new Records(files.size());
        Path folder = Files.isDirectory(path.resolve(FOLDER)) ? path.resolve(FOLDER) : path;
        Path archive = folder.resolve(ARCHIVE);
        if (!Files.isDirectory(path)) {
            readArchive(path, files, records);
        } else if (!Files.exists(folder.resolve(files.getFirst())) && Files.exists(archive)) {
            readArchive(archive, files, records);
        } else {
            readFolder(folder, files, records);
        }
        return new InMemoryDataset(IMAGE_SIZE, CLASS_NAMES, records.labels, records.pixels);
    }

    private static void readFolder(Path folder, List<String> files, Records records) throws IOException {
        for (int i = 0; i < files.size(); i++) {
            Path file = folder.resolve(files.get(i));
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString(), null, "this file of CIFAR-10 is missing" + REMEDY);
            }
            try (InputStream in = Files.newInputStream(file)) {
                records.read(in, Files.size(file), i, file.toString());
            }
        }
    }

    private static void readArchive(Path archive, List<String> files, Records records) throws IOException {
        Set<String> missing = new TreeSet<>(files);
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
                InputStream unpacked = new GZIPInputStream(file, 1 << 16);
                TarArchiveInputStream tar = new TarArchiveInputStream(unpacked)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (missing.remove(name)) {
                    records.read(tar, entry.getSize(), files.indexOf(name), archive + "!" + entry.getName());
                }
            }
            // The checksum stands at the very end.
            unpacked.transferTo(OutputStream.nullOutputStream());
        } catch (EOFException | ZipException | ArchiveException e) {
            throw new IOException(
                    archive + ": not a whole .tar.gz archive, it ends or breaks off inside (" + e.getMessage()
                            + "), its size is " + Files.size(archive) + " bytes" + REMEDY,
                    e);
        }
        if (!missing.isEmpty()) {
            throw new IOException(archive + ": the archive does not contain " + String.join(", ", missing)
                    + "; it must be the binary version of CIFAR-10" + REMEDY);
        }
    }

    /** Labels and pixels of the files of one split, filled file by file. */
    private static final class Records {
        final int[] labels;
        final byte[] pixels;

        Records(int files) {
            labels = new int[files * RECORDS_PER_FILE];
            pixels = new byte[labels.length * IMAGE_SIZE.bytes()];
        }

        void read(InputStream in, long bytes, int file, String name) throws IOException {
            if (bytes != FILE_BYTES) {
                throw new IOException(
                        name + ": a file of CIFAR-10 has " + FILE_BYTES + " bytes, but this one has " + bytes + REMEDY);
            }
            DataInputStream records = new DataInputStream(new BufferedInputStream(in, 64 * RECORD_BYTES));
            int first = file * RECORDS_PER_FILE;
            for (int i = first; i < first + RECORDS_PER_FILE; i++) {
                labels[i] = records.readUnsignedByte();
                if (labels[i] >= CLASS_NAMES.size()) {
                    throw new IOException(name + ": record " + (i - first) + " must have a label from 0 to 9, but has "
                            + labels[i] + REMEDY);
                }
                records.readFully(pixels, i * IMAGE_SIZE.bytes(), IMAGE_SIZE.bytes());
            }
        }
    }
}
