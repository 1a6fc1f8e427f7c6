package dev.racnn.example;

import dev.racnn.data.ImageFile;
import dev.racnn.racnn.Bundle;
import dev.racnn.racnn.Explanation;
import dev.racnn.racnn.StoredCandidates;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.Engines;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;

/** The example of the README. */
final class ClassifyAnImage {
    private ClassifyAnImage() {}

    static String classify(Path model, Path image) throws IOException {
        try (var bundle = Bundle.open(model);
                var candidates = bundle.candidates(keys -> Engines.build(new EngineSpec.Exact(), keys, 2));
                var _ = Scope.open()) {
            var classifier = bundle.classifier(candidates, new StoredCandidates(candidates), 3);
            byte[] pixels = ImageFile.read(image, bundle.description().imageSize());
            Explanation why = classifier.explain(Tensors.ofPixels(pixels, 1, 3, 32, 32));
            long nearest = why.neighbours().id(0, 0);
            System.out.println("candidate " + nearest + " weighs " + why.weight(0, 0));
            return bundle.description().classNames().get(why.label(0));
        }
    }
}
