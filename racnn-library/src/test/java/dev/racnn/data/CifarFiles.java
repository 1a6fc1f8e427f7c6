package dev.racnn.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** Writes made-up images in the official layout of CIFAR-10. */
final class CifarFiles {
    static final List<String> NAMES = List.of(
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin",
            "test_batch.bin");

    private CifarFiles() {}

    static int label(int file, int record) {
        return (record + file) % 10;
    }

    /** The value of every pixel of a channel of a row: enough to tell files, records, channels and rows apart. */
    static byte value(int file, int record, int channel, int row) {
        return (byte) (file * 31 + record * 7 + channel * 50 + row);
    }

    static byte[] records(int file, int count) {
        byte[] bytes = new byte[count * 3073];
        int write = 0;
        for (int record = 0; record < count; record++) {
            bytes[write++] = (byte) label(file, record);
            for (int channel = 0; channel < 3; channel++) {
                for (int row = 0; row < 32; row++) {
                    Arrays.fill(bytes, write, write + 32, value(file, record, channel, row));
                    write += 32;
                }
            }
        }
        return bytes;
    }

    static void writeFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int file = 0; file < NAMES.size(); file++) {
            Files.write(folder.resolve(NAMES.get(file)), records(file, 10_000));
        }
    }

    static void writeArchive(Path archive, List<String> names) throws IOException {
        writeArchive(archive, names, Deflater.DEFAULT_COMPRESSION);
    }

    static void writeArchive(Path archive, List<String> names, int compression) throws IOException {
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(compression);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive));
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new GzipCompressorOutputStream(out, parameters))) {
            for (String name : names) {
                byte[] bytes = records(NAMES.indexOf(name), 10_000);
                TarArchiveEntry entry = new TarArchiveEntry("cifar-10-batches-bin/" + name);
                entry.setSize(bytes.length);
                tar.putArchiveEntry(entry);
                tar.write(bytes);
                tar.closeArchiveEntry();
            }
        }
    }
}
