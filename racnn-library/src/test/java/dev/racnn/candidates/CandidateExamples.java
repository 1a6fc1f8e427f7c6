package dev.racnn.candidates;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Small candidates for tests: components are small whole numbers, so that distances are exact in single precision. */
final class CandidateExamples {
    static final CandidateLayout LAYOUT = new CandidateLayout(5, 3, 2, 2, List.of("cat", "dog", "ship"), "weights-1");

    private CandidateExamples() {}

    static Candidate candidate(long id) {
        return candidate(id, id);
    }

    static Candidate candidate(long id, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] thumbnail = new byte[LAYOUT.thumbnailBytes()];
        random.nextBytes(thumbnail);
        Set<String> tags = random.nextInt(3) == 0 ? Set.of("night", "crop-" + random.nextInt(2)) : Set.of();
        return new Candidate(
                id,
                random.nextInt(LAYOUT.classNames().size()),
                numbers(random, LAYOUT.keyDimension()),
                numbers(random, LAYOUT.featureDimension()),
                thumbnail,
                tags);
    }

    static float[] numbers(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(-4, 5);
        }
        return values;
    }
}
