package dev.racnn.cli.data;

import dev.racnn.Progress;
import dev.racnn.cli.options.DataSourceConverter;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.data.Preprocessing;
import dev.racnn.data.Subset;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn data info}: reads every image of a data set and says what was found. */
@Command(
        name = "info",
        description = "Reads every image of a data set, counts them class by class, and says what is not used of the"
                + " place that they come from. Names every image that is damaged; the exit code is then 1.")
final class DataInfo implements Callable<Integer> {
    /** A size that all kinds of data can be brought to: images are looked at, not used. */
    private static final Preprocessing ANY = Preprocessing.bilinear(new ImageSize(32, 32));

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", converter = DataSourceConverter.class, description = DataSourceConverter.FORMS)
    private DataSource data;

    private final Set<String> remarks = new LinkedHashSet<>();
    private boolean damaged;

    DataInfo() {}

    @Override
    public Integer call() throws IOException {
        DataSource images = data.preprocessed(ANY);
        Dataset train = images.train();
        Dataset test = images.test();
        PrintWriter out = spec.commandLine().getOut();
        out.printf("data        %s%n", data);
        out.printf("classes     %s%n", train.classNames().size());
        describe("training", train);
        describe("test", test);
        if (!images.candidatesAreTraining()) {
            describe("candidates", images.candidates());
        }
        remarks.forEach(remark -> out.println("note        " + remark));
        int[] trainCounts = counts(train);
        int[] testCounts = counts(test);
        out.printf("%nlabel  training      test  class%n");
        for (int label = 0; label < trainCounts.length; label++) {
            out.printf(
                    "%5s  %8s  %8s  %s%n",
                    label,
                    trainCounts[label],
                    testCounts[label],
                    train.classNames().get(label));
        }
        return damaged ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    /** Decodes all images, because only that shows whether they are whole. */
    private void describe(String part, Dataset images) {
        PrintWriter err = spec.commandLine().getErr();
        StepProgress progress = new StepProgress(err);
        List<String> faults = new ArrayList<>();
        Consumer<String> found = fault -> {
            faults.add(fault);
            err.println("racnn: " + fault);
        };
        Subset.readable(images, found, done -> progress.accept(Progress.images(part, done, images.size())));
        damaged |= !faults.isEmpty();
        remarks.addAll(images.remarks());
        spec.commandLine()
                .getOut()
                .printf(
                        "%-12s%s images, %s%s%n",
                        part,
                        images.size(),
                        sizes(images),
                        faults.isEmpty() ? "" : ", " + faults.size() + " of them damaged");
    }

    private static String sizes(Dataset images) {
        // What cannot even be opened was named already.
        List<ImageSize> sizes = IntStream.range(0, images.size())
                .parallel()
                .mapToObj(image -> size(images, image))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        IntSummaryStatistics heights =
                sizes.stream().mapToInt(ImageSize::height).summaryStatistics();
        IntSummaryStatistics widths = sizes.stream().mapToInt(ImageSize::width).summaryStatistics();
        return sizes.size() == 1
                ? sizes.getFirst().toString()
                : "from %s to %s pixels high and from %s to %s wide"
                        .formatted(heights.getMin(), heights.getMax(), widths.getMin(), widths.getMax());
    }

    private static Optional<ImageSize> size(Dataset images, int image) {
        try {
            return Optional.of(images.originalSize(image));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static int[] counts(Dataset images) {
        int[] counts = new int[images.classNames().size()];
        for (int i = 0; i < images.size(); i++) {
            counts[images.label(i)]++;
        }
        return counts;
    }
}
