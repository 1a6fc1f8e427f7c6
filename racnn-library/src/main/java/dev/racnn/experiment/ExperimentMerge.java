package dev.racnn.experiment;

import dev.racnn.Part;
import dev.racnn.evaluation.Evaluation;
import dev.racnn.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Joins the results of the parts of an experiment; neither models nor images are needed. */
public final class ExperimentMerge {
    private ExperimentMerge() {}

    /**
     * Copies the cells of all parts into one folder, which may hold some already, and puts the evaluation together.
     *
     * @param parts folders of results, at least one
     * @param folder where all go
     * @param command that repeats the merge, for reports
     * @throws IllegalArgumentException if the parts are not of one experiment, with the same models, images and seeds
     * @throws IOException if a folder holds no results, or a file is damaged
     */
    public static Evaluation merge(List<Path> parts, Path folder, String command) throws IOException {
        ExperimentPlan plan = ExperimentPlan.read(parts.getFirst());
        for (Path part : parts) {
            requireSame(parts.getFirst(), plan, part, ExperimentPlan.read(part));
        }
        if (Files.exists(folder.resolve(ExperimentPlan.FILE))) {
            requireSame(parts.getFirst(), plan, folder, ExperimentPlan.read(folder));
        }
        CellFolder all = new CellFolder(folder, plan);
        for (Path part : parts) {
            CellFolder cells = new CellFolder(part, plan);
            for (Cell cell : plan.cells(Part.WHOLE)) {
                // Reading checks that the cell belongs here.
                if (cells.read(cell).isPresent() && !all.has(cell)) {
                    copy(cells.file(cell), all.file(cell));
                }
            }
        }
        plan.write(folder);
        Evaluation evaluation = new Assembly(all, command).evaluation();
        evaluation.write(folder);
        return evaluation;
    }

    private static void copy(Path from, Path to) throws IOException {
        AtomicFile.write(to, out -> Files.copy(from, out));
    }

    private static void requireSame(Path first, ExperimentPlan plan, Path other, ExperimentPlan itsPlan) {
        String difference = plan.difference(itsPlan);
        if (!difference.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s and %s are not parts of one experiment: their %s differ; run all parts with the same file, models and data"
                            .formatted(first, other, difference));
        }
    }
}
