package dev.racnn.racnn;

import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSetWriter;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.data.Fingerprint;
import dev.racnn.data.ImageSize;
import dev.racnn.data.RunningFingerprint;
import dev.racnn.model.Architecture;
import dev.racnn.model.Network;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Makes candidates of images.
 *
 * @param phi from an image to its feature
 * @param keys phi'
 * @param layout of the candidates
 */
public record Indexing(Network phi, KeyExtractor keys, CandidateLayout layout) {
    /** Stands before the precision in the checksum of an extractor. */
    static final String IN = " in ";

    /** Candidates that pass through the networks together, in a part as in the whole, so that both are equal to the bit. */
    public static final int BATCH = 250;

    /**
     * The layout of candidates of some networks.
     *
     * @param extractorSha256 checksum of the weights of phi and phi'
     */
    public static CandidateLayout layout(
            KeyExtractor keys,
            Architecture architecture,
            ImageSize size,
            List<String> classNames,
            String extractorSha256) {
        // The same weights give several kinds of keys, of which two may be equally long; the paper's kind is not noted.
        String kind = keys.kind() == KeyKind.CONV ? "" : " " + keys.kind();
        return new CandidateLayout(
                keys.dimension(size),
                architecture.features(),
                size.height(),
                size.width(),
                classNames,
                extractorSha256 + kind + IN + keys.precision());
    }

    /**
     * Computes candidates and stores them. Goes on with an interrupted build of the same images, which it reads once more for
     * that as far as the build had come; all others are read once.
     *
     * @param set folder of the candidate set
     * @param data D', un-augmented; candidate ids are indices into it
     * @param begin the first image
     * @param end the image after the last
     * @param source what the images do not tell of the build
     * @param seen is told what all these images were, before the set is finished; throws to leave it unfinished
     * @param done is told how many candidates are finished
     */
    public CandidateSet build(
            Path set, Dataset data, int begin, int end, String source, Consumer<Fingerprint> seen, IntConsumer done)
            throws IOException {
        Origin origin = new Origin(data, begin, end, source);
        try (CandidateSetWriter writer = CandidateSetWriter.resume(set, layout, origin)) {
            if (writer.rows() == 0) {
                origin.startOver();
            }
            int bytes = data.imageSize().bytes();
            for (int start = begin + writer.rows(); start < end; start += BATCH) {
                int stop = Math.min(start + BATCH, end);
                try (var _ = Scope.open()) {
                    Batch batch = Batch.range(data, start, stop);
                    Candidate[] candidates = candidates(data, batch);
                    for (int i = 0; i < candidates.length; i++) {
                        origin.images.add(batch.pixels(), i * bytes);
                        writer.add(candidates[i]);
                    }
                }
                done.accept(stop - begin);
            }
            seen.accept(new Fingerprint(end - begin, data.classNames().size(), origin.images.sha256()));
            return writer.finish();
        }
    }

    /** Keys, features and thumbnails of a range of a data set. */
    public Candidate[] candidates(Dataset data, int start, int end) {
        try (var _ = Scope.open()) {
            return candidates(data, Batch.range(data, start, end));
        }
    }

    private Candidate[] candidates(Dataset data, Batch batch) {
        Candidate[] candidates = new Candidate[batch.size()];
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            KeyExtractor.Passed passed = keys.pass(phi, batch.images());
            float[] allKeys = Tensors.toFloats(passed.keys());
            float[] features = Tensors.toFloats(passed.features());
            int bytes = data.imageSize().bytes();
            for (int i = 0; i < candidates.length; i++) {
                int image = batch.indices()[i];
                candidates[i] = new Candidate(
                        image,
                        data.label(image),
                        row(allKeys, i, layout.keyDimension()),
                        row(features, i, layout.featureDimension()),
                        Arrays.copyOfRange(batch.pixels(), i * bytes, i * bytes + layout.thumbnailBytes()));
            }
        }
        return candidates;
    }

    /** What the rows so far were computed from: the images, and a text. */
    private static final class Origin implements CandidateSetWriter.Source {
        private final Dataset data;
        private final int begin;
        private final int end;
        private final String text;
        private RunningFingerprint images;

        Origin(Dataset data, int begin, int end, String text) {
            this.data = data;
            this.begin = begin;
            this.end = end;
            this.text = text;
            images = new RunningFingerprint(data, begin);
        }

        @Override
        public String of(int rows) {
            images.readTo(Math.min(begin + rows, end), _ -> {});
            return "%s images from %s on with SHA-256 %s%s".formatted(rows, begin, images.sha256(), text);
        }

        /** Forgets images that turned out not to be those of an interrupted build. */
        void startOver() {
            images = new RunningFingerprint(data, begin);
        }
    }

    private static float[] row(float[] rows, int row, int length) {
        return Arrays.copyOfRange(rows, row * length, (row + 1) * length);
    }
}
