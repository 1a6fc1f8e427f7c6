package dev.racnn.racnn;

import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateLayout;
import dev.racnn.candidates.CandidateSet;
import dev.racnn.candidates.CandidateSetWriter;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.data.InMemoryDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Computes keys and features of candidates once more from their pictures, in the precision of a bundle. */
final class Rekeying {
    private Rekeying() {}

    /**
     * The folder of a copy of a candidate set, made if there is none of this state yet.
     *
     * @param bundle what computes
     * @param layout of its keys
     * @param source the candidates
     * @param folder gets the copy
     */
    static Path of(Bundle bundle, CandidateLayout layout, CandidateSnapshot source, Path folder) throws IOException {
        Path copy = folder.resolve(
                Bundle.CANDIDATES + "-" + bundle.precision().toString().toLowerCase(Locale.ROOT));
        CandidateLayout ofCopy = layout.computedBy(layout.extractorChecksum() + " from " + source.fingerprint());
        if (CandidateSet.isIn(copy) && CandidateSet.open(copy).layout().equals(ofCopy)) {
            return copy;
        }
        try (CandidateSetWriter writer = CandidateSetWriter.resume(copy, ofCopy)) {
            long[] ids = source.ids().toArray();
            for (int start = writer.rows(); start < ids.length; start += Indexing.BATCH) {
                for (Candidate candidate : computed(
                        bundle, source, Arrays.copyOfRange(ids, start, Math.min(start + Indexing.BATCH, ids.length)))) {
                    writer.add(candidate);
                }
            }
            writer.finish();
        }
        return copy;
    }

    private static Candidate[] computed(Bundle bundle, CandidateSnapshot source, long[] ids) {
        Candidate[] old = Arrays.stream(ids).mapToObj(source::candidate).toArray(Candidate[]::new);
        CandidateLayout layout = source.layout();
        byte[] pixels = new byte[ids.length * layout.thumbnailBytes()];
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(old[i].thumbnail(), 0, pixels, i * layout.thumbnailBytes(), layout.thumbnailBytes());
        }
        int[] labels = Arrays.stream(old).mapToInt(Candidate::label).toArray();
        Dataset images = new InMemoryDataset(
                new ImageSize(layout.imageHeight(), layout.imageWidth()), layout.classNames(), labels, pixels);
        Candidate[] computed = bundle.candidates(images, 0, ids.length);
        for (int i = 0; i < ids.length; i++) {
            computed[i] = new Candidate(
                    ids[i], labels[i], computed[i].key(), computed[i].feature(), old[i].thumbnail(), old[i].tags());
        }
        return computed;
    }
}
