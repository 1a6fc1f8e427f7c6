package dev.racnn.cli.data;

import dev.racnn.cli.options.DataSourceConverter;
import dev.racnn.data.DataSource;
import dev.racnn.data.Dataset;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code racnn data info}: reads every image of a data set and counts them class by class. */
@Command(name = "info", description = "Reads every image of a data set and counts them class by class.")
final class DataInfo implements Callable<Integer> {
    private static final int IMAGES_PER_REPORT = 10_000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", converter = DataSourceConverter.class, description = DataSourceConverter.FORMS)
    private DataSource data;

    DataInfo() {}

    @Override
    public Integer call() throws IOException {
        Dataset train = data.train();
        int[] trainCounts = count(train, "training");
        Dataset test = data.test();
        int[] testCounts = count(test, "test");

        PrintWriter out = spec.commandLine().getOut();
        out.printf("data        %s%n", data);
        out.printf("image size  %s, 3 channels%n", train.imageSize());
        out.printf("classes     %s%n", train.classNames().size());
        out.printf("training    %s images%n", train.size());
        out.printf("test        %s images%n", test.size());
        if (!data.candidatesAreTraining()) {
            Dataset candidates = data.candidates();
            count(candidates, "candidate");
            out.printf("candidates  %s images%n", candidates.size());
        }
        out.printf("%nlabel  training      test  class%n");
        for (int label = 0; label < trainCounts.length; label++) {
            out.printf(
                    "%5s  %8s  %8s  %s%n",
                    label,
                    trainCounts[label],
                    testCounts[label],
                    train.classNames().get(label));
        }
        return 0;
    }

    /** Decodes all images, because only that shows whether they are whole, and counts the labels. */
    private int[] count(Dataset dataset, String kind) {
        PrintWriter err = spec.commandLine().getErr();
        AtomicInteger done = new AtomicInteger();
        IntStream.range(0, dataset.size()).parallel().forEach(i -> {
            dataset.pixels(i, new byte[dataset.imageSize().bytes()], 0);
            int images = done.incrementAndGet();
            if (images % IMAGES_PER_REPORT == 0 && images < dataset.size()) {
                err.printf("read %s of %s %s images%n", images, dataset.size(), kind);
            }
        });
        int[] counts = new int[dataset.classNames().size()];
        for (int i = 0; i < dataset.size(); i++) {
            counts[dataset.label(i)]++;
        }
        return counts;
    }
}
