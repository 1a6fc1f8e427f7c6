package dev.racnn.cli.options;

import dev.racnn.data.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What a command reads, and so must not write to.
 *
 * @param command that is wrongly used then
 * @param models bundles and TorchScript files
 * @param data the images
 */
public record Inputs(CommandLine command, List<Path> models, DataSource data) {
    /** Endings of results, which may well lie beside what they are of. */
    private static final String RESULT = ".*[.](json|jsonl|svg|csv|npy|html|md)";

    private static final String BUNDLE = "bundle[.]json|origin[.]json|training-log[.]jsonl";

    /**
     * Refuses files of which one would be written over another, or over what is read.
     *
     * @throws ParameterException if there is such a file
     */
    public void refuse(List<Path> outputs) throws IOException {
        for (int i = 0; i < outputs.size(); i++) {
            Path output = outputs.get(i);
            if (isRead(output)) {
                throw new ParameterException(
                        command, output + " is read, and must not be written to; give another file");
            }
            for (Path other : outputs.subList(0, i)) {
                if (output.toAbsolutePath()
                                .normalize()
                                .equals(other.toAbsolutePath().normalize())
                        && !isSpecial(output)) {
                    throw new ParameterException(command, "two results cannot both go to " + output);
                }
            }
        }
    }

    private boolean isRead(Path output) throws IOException {
        if (!Files.isRegularFile(output)) {
            return false;
        }
        String data = this.data.toString();
        Path place = Path.of(data.substring(data.indexOf(':') + 1));
        for (Path model : models) {
            if (isOf(output, model) || isBeside(output, model)) {
                return true;
            }
        }
        return isOf(output, place);
    }

    /** Whether a file is an input, or a part of one. */
    private static boolean isOf(Path output, Path input) throws IOException {
        if (!Files.exists(input)) {
            return false;
        }
        String name = String.valueOf(output.getFileName());
        return Files.isDirectory(input)
                ? output.toRealPath().startsWith(input.toRealPath()) && (!name.matches(RESULT) || name.matches(BUNDLE))
                : Files.isSameFile(output, input);
    }

    /** Whether a file holds the settings of a TorchScript file. */
    private static boolean isBeside(Path output, Path model) {
        String name = String.valueOf(model.getFileName()).replaceFirst("[.][^.]+$", "");
        return output.equals(model.resolveSibling(name + ".yaml"))
                || output.equals(model.resolveSibling(name + ".yml"));
    }

    private static boolean isSpecial(Path output) {
        return Files.exists(output) && !Files.isRegularFile(output);
    }
}
