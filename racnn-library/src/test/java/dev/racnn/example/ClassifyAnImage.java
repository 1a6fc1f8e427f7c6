package dev.racnn.example;

import dev.racnn.racnn.Answer;
import dev.racnn.racnn.Racnn;
import java.io.IOException;
import java.nio.file.Path;

/** The example of the README. */
final class ClassifyAnImage {
    private ClassifyAnImage() {}

    static String classify(Path model, Path image) throws IOException {
        try (var racnn = Racnn.open(model)) {
            Answer why = racnn.explain(image);
            Answer.Neighbour nearest = why.neighbours().getFirst();
            System.out.println("candidate " + nearest.id() + ", a " + nearest.label() + ", weighs " + nearest.weight());
            return why.label();
        }
    }
}
