package dev.racnn.adaptive;

import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.evaluation.TinyBundle;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.WhiteBox;
import dev.racnn.retrieval.Exact;
import dev.racnn.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;

/** A small RaCNN with its candidates, open to whoever attacks it, with K = 3. */
record TrainedRacnn(Bundle bundle, CandidateSnapshot candidates, WhiteBox box) implements AutoCloseable {
    static TrainedRacnn make(Path folder) throws IOException {
        TinyBundle.make(folder);
        Bundle bundle = Bundle.open(folder, Precision.FP32);
        CandidateSnapshot candidates = bundle.candidates(new Exact(), 1);
        return new TrainedRacnn(bundle, candidates, bundle.whiteBox(candidates, 3));
    }

    @Override
    public void close() throws IOException {
        candidates.close();
        bundle.close();
    }
}
