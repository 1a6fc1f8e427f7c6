package dev.racnn.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights that PyTorch saved with {@code torch.save}: a state dictionary, alone or in a checkpoint, in the archives of PyTorch
 * 1.6 and later or in the format before. Tensors are read; code is neither looked for nor run, so a pickled model is refused.
 */
public final class PthFile {
    private static final BigInteger LEGACY_MARK = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final String DATA = "data.pkl";

    private PthFile() {}

    /**
     * What a file holds.
     *
     * @param tensors by name: float32, or int64 for whole numbers
     * @param leftOut what else it holds, for people
     */
    public record Contents(Map<String, Tensor> tensors, List<String> leftOut) {}

    /**
     * Reads the tensors of a state dictionary.
     *
     * @return tensors owned by the scope of the caller
     * @throws IOException if the file cannot be read, is none of PyTorch's, is damaged, or holds a pickled model
     */
    public static Contents read(Path file) throws IOException {
        try {
            return isArchive(file) ? readArchive(file) : readLegacy(file);
        } catch (StateDictionary.UnusableException e) {
            throw new IOException(file + " " + e.getMessage(), e);
        } catch (ClassCastException | ArithmeticException | ZipException | EOFException e) {
            throw new IOException(file + " is damaged, or no file of PyTorch's: " + e, e);
        }
    }

    private static boolean isArchive(Path file) throws IOException {
        byte[] start = new byte[2];
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(start, 0, start.length) == start.length && start[0] == 'P' && start[1] == 'K';
        }
    }

    private static Contents readArchive(Path file) throws IOException {
        try (ZipFile archive = new ZipFile(file.toFile())) {
            List<String> names = archive.stream().map(ZipEntry::getName).toList();
            if (names.stream().anyMatch(name -> name.contains("/code/"))) {
                throw new StateDictionary.UnusableException(
                        "is a TorchScript model, not weights; use it as a model or a backbone as it is");
            }
            String data = names.stream()
                    .filter(name -> name.endsWith("/" + DATA))
                    .findFirst()
                    .orElseThrow(() -> new StateDictionary.UnusableException(
                            "is an archive, but not one of PyTorch's: it has no " + DATA));
            String root = data.substring(0, data.length() - DATA.length());
            if (names.contains(root + "byteorder")
                    && !Arrays.equals(
                            bytes(archive, root + "byteorder"), "little".getBytes(StandardCharsets.US_ASCII))) {
                throw new StateDictionary.UnusableException("was saved on a big-endian machine; save it on another");
            }
            StateDictionary dictionary = new StateDictionary(storage -> bytes(archive, root + "data/" + storage));
            return dictionary.contents(dictionary.unpickle(ByteBuffer.wrap(bytes(archive, data))));
        }
    }

    private static byte[] bytes(ZipFile archive, String name) throws IOException {
        ZipEntry entry = archive.getEntry(name);
        if (entry == null) {
            throw new StateDictionary.UnusableException("is damaged: it lacks " + name);
        }
        try (var in = archive.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** Pickles of a mark, a version, the machine, the object, and the keys of all storages, whose numbers follow. */
    private static Contents readLegacy(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, byte[]> numbers = new HashMap<>();
        StateDictionary dictionary = new StateDictionary(storage -> {
            byte[] found = numbers.get(storage);
            if (found == null) {
                throw new StateDictionary.UnusableException("is damaged: it lacks storage " + storage);
            }
            return found;
        });
        if (bytes.remaining() < 1 || (bytes.get(0) & 0xFF) != 0x80 || !LEGACY_MARK.equals(dictionary.unpickle(bytes))) {
            throw new StateDictionary.UnusableException(
                    "must be weights that torch.save wrote, but is of another kind");
        }
        dictionary.unpickle(bytes);
        dictionary.unpickle(bytes);
        Object saved = dictionary.unpickle(bytes);
        for (Object key : (List<?>) dictionary.unpickle(bytes)) {
            long length = bytes.remaining() < Long.BYTES
                    ? -1
                    : Math.multiplyExact(bytes.getLong(), (long) dictionary.bytesPerNumber(String.valueOf(key)));
            if (length < 0 || length > bytes.remaining()) {
                throw new StateDictionary.UnusableException("is cut off in storage " + key);
            }
            byte[] found = new byte[(int) length];
            bytes.get(found);
            numbers.put(String.valueOf(key), found);
        }
        return dictionary.contents(saved);
    }
}
