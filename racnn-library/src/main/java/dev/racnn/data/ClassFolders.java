package dev.racnn.data;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What stands in a folder of class folders. Links are followed, each folder once; hidden files and folders, and files
 * with other endings than those of images, are passed over, and said to be.
 */
final class ClassFolders {
    /** Endings of files that are taken for images. */
    static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".jpe", ".bmp", ".gif", ".tif", ".tiff");

    private static final String MACOS_EXTRAS = "__MACOSX";
    private static final int SHOWN = 3;

    private final Path root;
    private final Map<String, List<Path>> images = new TreeMap<>();
    private final Map<Object, String> classOfFolder = new HashMap<>();
    private final Map<String, List<Path>> passedOver = new TreeMap<>();

    private ClassFolders(Path root) {
        this.root = root;
    }

    /**
     * Looks through a folder.
     *
     * @throws IOException if there is no class folder in it, or if two are one through links
     */
    static ClassFolders in(Path root) throws IOException {
        ClassFolders found = new ClassFolders(root);
        List<Path> folders = folders(root);
        if (folders.isEmpty()) {
            throw new NoSuchFileException(
                    root.toString(), null, "there must be a folder for each class in it, but there is none");
        }
        for (Path folder : folders) {
            if (found.images.put(name(folder), new ArrayList<>()) != null) {
                throw new IOException(
                        folder + ": two class folders have names that cannot be told apart, because they are"
                                + " not in the character set of the system; rename one of them");
            }
        }
        for (Path folder : folders) {
            found.look(name(folder), folder);
        }
        return found;
    }

    /** The folders in a folder, links to folders among them, in the order of their names; hidden ones are left out. */
    static List<Path> folders(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder of images");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> !isHidden(entry))
                    .sorted()
                    .toList();
        }
    }

    /** Whether there are images in a folder, not counting those in folders below it. */
    static boolean holdsImages(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.anyMatch(entry -> isImage(entry) && Files.isRegularFile(entry));
        }
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static boolean isHidden(Path file) {
        return name(file).startsWith(".") || name(file).equals(MACOS_EXTRAS);
    }

    static boolean isImage(Path file) {
        String lower = name(file).toLowerCase(Locale.ROOT);
        return !isHidden(file) && ENDINGS.stream().anyMatch(lower::endsWith);
    }

    /** Names of the classes, in order. */
    List<String> names() {
        return List.copyOf(images.keySet());
    }

    /** Images of a class in the order of their paths; none if there is no such class. */
    List<Path> images(String name) {
        return images.getOrDefault(name, List.of());
    }

    /** What was passed over, one line for each reason. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        passedOver.forEach((reason, files) -> {
            String examples = String.join(
                    ", ",
                    files.stream()
                            .limit(SHOWN)
                            .map(file -> root.relativize(file).toString())
                            .toList());
            remarks.add("%s: %s %s: %s%s"
                    .formatted(root, files.size(), reason, examples, files.size() > SHOWN ? ", .." : ""));
        });
        return remarks;
    }

    /** Looks through a class folder; links to folders come last, so that a folder is found where it stands. */
    private void look(String name, Path classFolder) throws IOException {
        Deque<Path> folders = new ArrayDeque<>(List.of(classFolder));
        Deque<Path> links = new ArrayDeque<>();
        while (!folders.isEmpty() || !links.isEmpty()) {
            Path folder = folders.isEmpty() ? links.remove() : folders.remove();
            if (isNew(folder, name)) {
                try (Stream<Path> entries = Files.list(folder)) {
                    for (Path entry : entries.sorted().toList()) {
                        look(name, entry, folders, links);
                    }
                }
            }
        }
        Collections.sort(images(name));
    }

    private void look(String name, Path entry, Deque<Path> folders, Deque<Path> links) throws IOException {
        BasicFileAttributes attributes = attributes(entry);
        if (isHidden(entry)) {
            passOver("hidden files and folders are passed over", entry);
        } else if (attributes.isDirectory()) {
            requireBelow(entry, name);
            (Files.isSymbolicLink(entry) ? links : folders).add(entry);
        } else if (!isImage(entry)) {
            passOver("files that do not end in " + String.join(", ", ENDINGS) + " are passed over", entry);
        } else if (attributes.isRegularFile()) {
            images(name).add(entry);
        } else {
            passOver("links that lead nowhere, and what else is no plain file, are passed over", entry);
        }
    }

    /** Of what a link leads to; of the link itself if that is not there. */
    private static BasicFileAttributes attributes(Path entry) throws IOException {
        try {
            return Files.readAttributes(entry, BasicFileAttributes.class);
        } catch (FileSystemException e) {
            return Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private boolean isNew(Path folder, String name) throws IOException {
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        String earlier = classOfFolder.putIfAbsent(key == null ? folder.toRealPath() : key, name);
        if (earlier == null) {
            return true;
        }
        if (!earlier.equals(name)) {
            throw new IOException(
                    "%s: leads to a folder that class '%s' has already, but an image has one class; remove one of the links"
                            .formatted(folder, earlier));
        }
        passOver("links to folders that are looked through anyway are not followed", folder);
        return false;
    }

    /** Classes inside of classes come from a folder that stands in itself, parts from the two levels exchanged. */
    private void requireBelow(Path folder, String name) throws IOException {
        if (images.containsKey(name(folder)) && !name(folder).equals(name)) {
            throw new IOException(
                    "%s: it is in class folder '%s', but called like another class; move it out of there, or rename it"
                            .formatted(folder, name));
        }
        if (FolderLayout.isNamedLikePart(folder)) {
            throw new IOException(
                    "%s: it is in class folder '%s', but called like a part of the data; the part comes first: %s"
                            .formatted(folder, name, Path.of(name(folder), name)));
        }
    }

    private void passOver(String reason, Path file) {
        passedOver.computeIfAbsent(reason, _ -> new ArrayList<>()).add(file);
    }
}
