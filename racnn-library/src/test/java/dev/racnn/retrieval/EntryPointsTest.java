package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.index.FloatVectorValues;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryPointsTest {
    @ParameterizedTest(name = "{0} keys have {1} entry points")
    @CsvSource({"3,3", "17,16", "400,80", "1000,126"})
    void the_entry_points_nearest_to_a_query_come_first(int size, int points) throws IOException {
        int dimension = 7;
        ClusteredKeys source = new ClusteredKeys(dimension, 5, 3, 1);
        List<float[]> keys = rows(source.draw(size, 2), dimension);
        EntryPoints entryPoints = EntryPoints.of(FloatVectorValues.fromFloats(keys, dimension));
        for (float[] query : rows(source.draw(20, 3), dimension)) {
            Integer[] expected = IntStream.range(0, points)
                    .map(i -> i * size / points)
                    .boxed()
                    .sorted(Comparator.comparingDouble(
                            node -> SquaredDistance.between(keys.get(node), 0, query, 0, dimension)))
                    .limit(8)
                    .toArray(Integer[]::new);
            assertThat(Arrays.stream(entryPoints.nearest(query)).boxed()).containsExactly(expected);
        }
    }

    private static List<float[]> rows(float[] values, int dimension) {
        List<float[]> rows = new ArrayList<>();
        for (int at = 0; at < values.length; at += dimension) {
            rows.add(Arrays.copyOfRange(values, at, at + dimension));
        }
        return rows;
    }
}
