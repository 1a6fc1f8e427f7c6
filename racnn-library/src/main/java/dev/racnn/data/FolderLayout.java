package dev.racnn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where in a folder the images for training and for testing are: in {@code train} and {@code test}, or what else people
 * call these parts, or together in class folders. What can be read in two ways is refused.
 *
 * @param training holds the class folders of the training images
 * @param test holds those of the test images; null if there are none
 * @param remarks what is not used, and what may surprise
 */
record FolderLayout(Path training, @Nullable Path test, List<String> remarks) {
    private static final Set<String> TRAINING = Set.of("train", "training");
    private static final Set<String> TEST = Set.of("test", "testing");
    private static final Set<String> VALIDATION = Set.of("val", "valid", "validation");

    /** Whether a folder is called like a part of a data set. */
    static boolean isNamedLikePart(Path folder) {
        return Stream.of(TRAINING, TEST, VALIDATION).anyMatch(names -> isOneOf(names, folder));
    }

    private static boolean isOneOf(Set<String> names, Path folder) {
        return names.contains(ClassFolders.name(folder).toLowerCase(Locale.ROOT));
    }

    /** @throws IOException if there is no such folder, or it can be read in several ways */
    static FolderLayout of(Path folder) throws IOException {
        List<String> remarks = new ArrayList<>();
        Path root = unwrapped(folder, remarks);
        List<Path> others = new ArrayList<>(ClassFolders.folders(root));
        Path training = take(others, TRAINING);
        Path test = take(others, TEST);
        Path validation = take(others, VALIDATION);
        if (training == null) {
            if (test != null || validation != null) {
                throw new IOException(
                        "%s: there is no folder train beside it; add the images for training, or name the folder of the classes"
                                .formatted(test != null ? test : validation));
            }
            others.stream()
                    .filter(FolderLayout::isNamedLikePart)
                    .forEach(part -> remarks.add(part + ": is taken for a class, because it holds no class folders"));
            return new FolderLayout(root, null, remarks);
        }
        Path chosen = test == null ? validation : test;
        if (test != null && validation != null) {
            boolean like = isLike(training, test);
            chosen = like ? test : validation;
            remarks.add("%s: is not used; accuracy is measured on the images in %s"
                    .formatted(like ? validation : test, ClassFolders.name(chosen)));
        }
        for (Path other : others) {
            if (isNamedLikePart(other) && chosen == null) {
                throw new IOException(other + ": the images must be in class folders, as those in " + training);
            }
            if (chosen == null && holdsImages(other)) {
                throw new IOException(
                        "%s: is it a class, or not used? There are class folders in %s; move it there, or out of the way"
                                .formatted(other, training));
            }
            remarks.add(other + ": is not used");
        }
        if (chosen != null && Files.isSameFile(training, chosen)) {
            throw new IOException("%s: leads to the training images, %s; test with others".formatted(chosen, training));
        }
        return new FolderLayout(
                unwrapped(training, remarks), chosen == null ? null : unwrapped(chosen, remarks), remarks);
    }

    /** Goes into a folder as long as all that there is in it is one folder of folders, as unpacked archives have it. */
    private static Path unwrapped(Path folder, List<String> remarks) throws IOException {
        Path inner = folder;
        Set<Path> seen = new HashSet<>();
        for (List<Path> folders = ClassFolders.folders(inner);
                folders.size() == 1 && !ClassFolders.holdsImages(inner) && isPart(folders.getFirst());
                folders = ClassFolders.folders(inner)) {
            inner = folders.getFirst();
            if (!seen.add(inner.toRealPath())) {
                throw new IOException(inner + ": leads back to a folder above it; remove the link");
            }
        }
        if (!inner.equals(folder)) {
            remarks.add("%s: all that it holds is in %s".formatted(folder, folder.relativize(inner)));
        }
        return inner;
    }

    /** Takes the folder of a part out of the list; null if there is none. */
    private static @Nullable Path take(List<Path> folders, Set<String> names) throws IOException {
        List<Path> named = new ArrayList<>();
        for (Path folder : folders) {
            if (isOneOf(names, folder) && isPart(folder)) {
                named.add(folder);
            }
        }
        if (named.size() > 1) {
            throw new IOException(
                    "%s and %s: which is it? Move one out of the way".formatted(named.get(0), named.get(1)));
        }
        folders.removeAll(named);
        return named.isEmpty() ? null : named.getFirst();
    }

    /** Whether a folder may be a part: it holds folders, and no images outside of them. */
    private static boolean isPart(Path folder) throws IOException {
        return !ClassFolders.folders(folder).isEmpty() && !ClassFolders.holdsImages(folder);
    }

    /** Whether a part has no classes that another one lacks. */
    private static boolean isLike(Path training, Path part) throws IOException {
        return names(unwrapped(training, new ArrayList<>())).containsAll(names(unwrapped(part, new ArrayList<>())));
    }

    private static List<String> names(Path part) throws IOException {
        return ClassFolders.folders(part).stream().map(ClassFolders::name).toList();
    }

    private static boolean holdsImages(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return all.anyMatch(ClassFolders::isImage);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
