package dev.racnn.cli.options;

import dev.racnn.Progress;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.Preprocessing;
import dev.racnn.data.Subset;
import dev.racnn.evaluation.Subjects;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How images of {@code DATA} are read, and what is said of them. */
public final class ImageOptions {
    private static final int NAMED = 20;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--bad-images",
            paramLabel = "refuse|skip",
            defaultValue = "refuse",
            description =
                    "What becomes of image files that are damaged: refuse, the default, ends with the first one; skip"
                            + " names them and goes on without, after reading every image once.")
    private BadImages badImages;

    private final Set<String> said = new HashSet<>();

    ImageOptions() {}

    private enum BadImages {
        REFUSE,
        SKIP
    }

    /** Images as these models take them. */
    public DataSource of(DataSource data, List<Path> models) throws IOException {
        return of(Subjects.images(data, models));
    }

    /** Images that were checked, as far as was asked for; what is not used of the place that they come from is said once. */
    public DataSource of(DataSource data) {
        return new Checked(data);
    }

    private Dataset checked(Dataset images) {
        PrintWriter err = spec.commandLine().getErr();
        images.remarks().stream().filter(said::add).forEach(remark -> err.println("note: " + remark));
        if (badImages == BadImages.REFUSE) {
            return images;
        }
        List<String> bad = new ArrayList<>();
        StepProgress progress = new StepProgress(err);
        Dataset good = Subset.readable(
                images, bad::add, done -> progress.accept(Progress.images("images", done, images.size())));
        bad.stream().limit(NAMED).forEach(fault -> err.println("skipped " + fault));
        if (!bad.isEmpty()) {
            err.printf("skipped %s of %s images%n", bad.size(), images.size());
        }
        return good;
    }

    private final class Checked implements DataSource {
        private final DataSource data;

        Checked(DataSource data) {
            this.data = data;
        }

        @Override
        public Dataset train() throws IOException {
            return checked(data.train());
        }

        @Override
        public Dataset test() throws IOException {
            return checked(data.test());
        }

        @Override
        public Dataset candidates() throws IOException {
            return checked(data.candidates());
        }

        @Override
        public boolean candidatesAreTraining() {
            return data.candidatesAreTraining();
        }

        @Override
        public DataSource preprocessed(Preprocessing preprocessing) {
            return new Checked(data.preprocessed(preprocessing));
        }

        @Override
        public String toString() {
            return data.toString();
        }
    }
}
