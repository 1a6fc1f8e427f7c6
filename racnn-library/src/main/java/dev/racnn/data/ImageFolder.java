package dev.racnn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Images in class folders: every folder in a folder is a class, named after it, and every image file in it, or in folders
 * below it, is an image of that class. Links are followed; other and hidden files are passed over. Classes and images are in
 * the order of their names.
 *
 * <p>Files are decoded when they are asked for, or before that if they are announced, and kept while all folders together take
 * no more than a quarter of the heap; those beyond are decoded each time. Besides, an image costs the memory of its path.
 */
public final class ImageFolder implements Dataset {
    private final Path folder;
    private final Preprocessing preprocessing;
    private final List<String> classNames;
    private final List<Path> files;
    private final int[] labels;
    private final List<String> remarks;
    private final DecodedImages decoded;

    private ImageFolder(
            Path folder,
            Preprocessing preprocessing,
            List<String> classNames,
            List<Path> files,
            int[] labels,
            List<String> remarks) {
        this.folder = folder;
        this.preprocessing = preprocessing;
        this.classNames = classNames;
        this.files = files;
        this.labels = labels;
        this.remarks = List.copyOf(remarks);
        decoded = new DecodedImages(labels.length, this::decode);
    }

    /**
     * The images of a folder, whose folders are the classes.
     *
     * @param preprocessing what is made of every image; null if all have the size of the first one and keep it
     * @throws IOException if there is no class folder, or no image in one of them
     */
    public static ImageFolder open(Path folder, @Nullable Preprocessing preprocessing) throws IOException {
        ClassFolders found = ClassFolders.in(folder);
        for (String name : found.names()) {
            if (found.images(name).isEmpty()) {
                throw new NoSuchFileException(
                        folder.resolve(name).toString(),
                        null,
                        "this class folder holds no PNG or JPEG image; remove it, or add images");
            }
        }
        return of(folder, preprocessing, found, found.names());
    }

    /**
     * The images of a folder, labelled with the classes of another data set, such as the training set that belongs to it.
     * Classes may lack images here.
     *
     * @param preprocessing as in {@link #open(Path, Preprocessing)}
     * @throws IOException if the folder has a class that is not one of these, or no image at all
     */
    public static ImageFolder open(Path folder, @Nullable Preprocessing preprocessing, List<String> classNames)
            throws IOException {
        ClassFolders found = ClassFolders.in(folder);
        for (String name : found.names()) {
            if (!classNames.contains(name)) {
                throw new IOException(folder.resolve(name) + ": this class is not among the " + classNames.size()
                        + " classes of the training images; remove the folder, or add training images of it");
            }
        }
        return of(folder, preprocessing, found, classNames);
    }

    private static ImageFolder of(
            Path folder, @Nullable Preprocessing preprocessing, ClassFolders found, List<String> classNames)
            throws IOException {
        List<Path> files = new ArrayList<>();
        IntStream.Builder labels = IntStream.builder();
        for (int label = 0; label < classNames.size(); label++) {
            for (Path image : found.images(classNames.get(label))) {
                files.add(folder.relativize(image));
                labels.add(label);
            }
        }
        if (files.isEmpty()) {
            throw new NoSuchFileException(
                    folder.toString(), null, "none of its class folders holds a PNG or JPEG image");
        }
        Preprocessing own = preprocessing != null
                ? preprocessing
                : Preprocessing.none(ImageFile.size(folder.resolve(files.getFirst())));
        return new ImageFolder(
                folder,
                own,
                List.copyOf(classNames),
                List.copyOf(files),
                labels.build().toArray(),
                found.remarks());
    }

    /** The same images, about which there is more to say. */
    ImageFolder withRemarks(List<String> more) {
        return new ImageFolder(
                folder,
                preprocessing,
                classNames,
                files,
                labels,
                Stream.concat(more.stream(), remarks.stream()).toList());
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public ImageSize imageSize() {
        return preprocessing.imageSize();
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
        System.arraycopy(pixels, 0, target, offset, pixels.length);
    }

    @Override
    public void prefetch(int... indices) {
        decoded.prefetch(indices);
    }

    private byte[] decode(int index) {
        try {
            return ImageFile.read(file(index), preprocessing);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private Path file(int index) {
        return folder.resolve(files.get(index));
    }

    /** The path of the file, from the folder that holds the class folders. */
    @Override
    public String name(int index) {
        return files.get(index).toString();
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException if the file is not an image
     */
    @Override
    public ImageSize originalSize(int index) {
        try {
            return ImageFile.size(file(index));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }
}
