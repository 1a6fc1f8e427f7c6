package dev.racnn.racnn;

import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSetWriter;
import dev.racnn.data.Batch;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.model.Architecture;
import dev.racnn.model.Network;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    static final int BATCH = 250;

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
     * Computes candidates and stores them. Goes on with an interrupted build from the same source.
     *
     * @param set folder of the candidate set
     * @param data D', un-augmented; candidate ids are indices into it
     * @param begin the first image
     * @param end the image after the last
     * @param source what tells these images, and the precision, from others
     * @param done is told how many candidates are finished
     */
    public CandidateSet build(Path set, Dataset data, int begin, int end, String source, IntConsumer done)
            throws IOException {
        try (CandidateSetWriter writer = CandidateSetWriter.resume(set, layout, source)) {
            for (int start = begin + writer.rows(); start < end; start += BATCH) {
                int stop = Math.min(start + BATCH, end);
                for (Candidate candidate : candidates(data, start, stop)) {
                    writer.add(candidate);
                }
                done.accept(stop - begin);
            }
            return writer.finish();
        }
    }

    /** Keys, features and thumbnails of a range of a data set. */
    public Candidate[] candidates(Dataset data, int start, int end) {
        Candidate[] candidates = new Candidate[end - start];
        try (var _ = Scope.open();
                var _ = new NoGradGuard()) {
            Batch batch = Batch.range(data, start, end);
            KeyExtractor.Passed passed = keys.pass(phi, batch.images());
            float[] allKeys = Tensors.toFloats(passed.keys());
            float[] features = Tensors.toFloats(passed.features());
            int bytes = data.imageSize().bytes();
            for (int i = 0; i < candidates.length; i++) {
                candidates[i] = new Candidate(
                        start + i,
                        data.label(start + i),
                        row(allKeys, i, layout.keyDimension()),
                        row(features, i, layout.featureDimension()),
                        Arrays.copyOfRange(batch.pixels(), i * bytes, i * bytes + layout.thumbnailBytes()));
            }
        }
        return candidates;
    }

    private static float[] row(float[] rows, int row, int length) {
        return Arrays.copyOfRange(rows, row * length, (row + 1) * length);
    }
}
