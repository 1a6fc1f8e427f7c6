package dev.racnn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Images in class folders: every folder in a folder is a class, named after it, and every PNG or JPEG file in it, or in
 * folders below it, is an image of that class. Other and hidden files are passed over. Classes and images are in the order
 * of their names.
 *
 * <p>Files are decoded when they are first asked for, on the thread that asks, and kept while they take no more than a
 * quarter of the heap; those beyond are decoded each time.
 */
public final class ImageFolder implements Dataset {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg");

    private final Path folder;
    private final ImageSize imageSize;
    private final List<String> classNames;
    private final List<Path> files;
    private final int[] labels;
    private final AtomicReferenceArray<byte @Nullable []> decoded;
    private final AtomicLong room = new AtomicLong(Runtime.getRuntime().maxMemory() / 4);

    private ImageFolder(Path folder, ImageSize imageSize, List<String> classNames) throws IOException {
        this.folder = folder;
        this.imageSize = imageSize;
        this.classNames = List.copyOf(classNames);
        List<Path> found = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (String name : classNames) {
            Path classFolder = folder.resolve(name);
            List<Path> images = Files.isDirectory(classFolder) ? images(classFolder) : List.of();
            counts.add(images.size());
            found.addAll(images);
        }
        if (found.isEmpty()) {
            throw new NoSuchFileException(
                    folder.toString(), null, "none of its class folders holds a PNG or JPEG image");
        }
        files = List.copyOf(found);
        labels = new int[files.size()];
        int next = 0;
        for (int label = 0; label < counts.size(); label++) {
            for (int i = 0; i < counts.get(label); i++) {
                labels[next++] = label;
            }
        }
        decoded = new AtomicReferenceArray<>(files.size());
    }

    /**
     * The images of a folder, whose folders are the classes.
     *
     * @throws IOException if there is no class folder, or no image in one of them
     */
    public static ImageFolder open(Path folder, ImageSize imageSize) throws IOException {
        List<String> classNames = classFolders(folder);
        for (String name : classNames) {
            if (images(folder.resolve(name)).isEmpty()) {
                throw new NoSuchFileException(
                        folder.resolve(name).toString(),
                        null,
                        "this class folder holds no PNG or JPEG image; remove it, or add images");
            }
        }
        return new ImageFolder(folder, imageSize, classNames);
    }

    /**
     * The images of a folder, labelled with the classes of another data set, such as the training set that belongs to it.
     * Classes may lack images here.
     *
     * @throws IOException if the folder has a class that is not one of these, or no image at all
     */
    public static ImageFolder open(Path folder, ImageSize imageSize, List<String> classNames) throws IOException {
        for (String name : classFolders(folder)) {
            if (!classNames.contains(name)) {
                throw new IOException(folder.resolve(name) + ": this class is not among the " + classNames.size()
                        + " classes of the training images; remove the folder, or add training images of it");
            }
        }
        return new ImageFolder(folder, imageSize, classNames);
    }

    private static List<String> classFolders(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder of images");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        try (Stream<Path> entries = Files.list(folder)) {
            List<String> names = entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
            if (names.isEmpty()) {
                throw new NoSuchFileException(
                        folder.toString(), null, "there must be a folder for each class in it, but there is none");
            }
            return names;
        }
    }

    private static List<Path> images(Path classFolder) throws IOException {
        try (Stream<Path> entries = Files.walk(classFolder)) {
            return entries.filter(file -> isImage(file.getFileName().toString()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isImage(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && ENDINGS.stream().anyMatch(lower::endsWith);
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public ImageSize imageSize() {
        return imageSize;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException if the file cannot be read or is not an image; the message names file, reason and remedy
     */
    @Override
    public void pixels(int index, byte[] target, int offset) {
        byte[] pixels = decoded.get(index);
        if (pixels == null) {
            try {
                pixels = ImageFile.read(files.get(index), imageSize);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
            if (room.addAndGet(-pixels.length) >= 0) {
                decoded.set(index, pixels);
            }
        }
        System.arraycopy(pixels, 0, target, offset, pixels.length);
    }

    /** The path of the file, from the folder that holds the class folders. */
    @Override
    public String name(int index) {
        return folder.relativize(files.get(index)).toString();
    }
}
