package dev.racnn.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both register blocks, whichever of them this processor would get. */
class ProductKernelTest {
    private static final int DEPTH = 37;
    private static final int LANES = ProductKernel.SPECIES.length();

    /** The products of a group and of a single query. */
    private interface Block {
        void add(float[] group, float[] panel, float[] base, int baseStride, float[] scores);
    }

    @Test
    void the_block_for_32_registers_adds_all_products() {
        assertProducts(
                WideBlock.QUERIES,
                WideBlock.VECTORS,
                (group, panel, base, stride, scores) ->
                        WideBlock.add(group, 0, panel, 3, DEPTH, base, 2, stride, scores, 1));
        assertProducts(
                1,
                WideBlock.VECTORS,
                (group, panel, base, _, scores) -> WideBlock.addSingle(group, 0, panel, 3, DEPTH, base, 2, scores, 1));
    }

    @Test
    void the_block_for_16_registers_adds_all_products() {
        assertProducts(
                NarrowBlock.QUERIES,
                NarrowBlock.VECTORS,
                (group, panel, base, stride, scores) ->
                        NarrowBlock.add(group, 0, panel, 3, DEPTH, base, 2, stride, scores, 1));
        assertProducts(
                1,
                NarrowBlock.VECTORS,
                (group, panel, base, _, scores) ->
                        NarrowBlock.addSingle(group, 0, panel, 3, DEPTH, base, 2, scores, 1));
    }

    @Test
    void scores_within_a_limit_are_found_in_every_vector_of_a_panel() {
        for (int vectors : new int[] {WideBlock.VECTORS, NarrowBlock.VECTORS}) {
            for (int candidate = 0; candidate < vectors * LANES; candidate++) {
                float[] scores = new float[1 + vectors * LANES];
                Arrays.fill(scores, 5);
                scores[1 + candidate] = 2;
                long near = vectors == WideBlock.VECTORS
                        ? WideBlock.atMost(scores, 1, 2)
                        : NarrowBlock.atMost(scores, 1, 2);
                assertThat(near).isEqualTo(1L << candidate);
            }
        }
    }

    private static void assertProducts(int queries, int vectors, Block block) {
        int width = vectors * LANES;
        Random random = new Random(1);
        float[] group = gaussian(DEPTH * queries, random);
        float[] panel = gaussian(3 + DEPTH * width, random);
        float[] base = gaussian(2 + queries * width, random);
        float[] scores = new float[1 + queries * width];
        block.add(group, panel, base, width, scores);
        for (int query = 0; query < queries; query++) {
            for (int candidate = 0; candidate < width; candidate++) {
                double expected = base[2 + query * width + candidate];
                for (int t = 0; t < DEPTH; t++) {
                    expected += (double) group[t * queries + query] * panel[3 + t * width + candidate];
                }
                assertThat(scores[1 + query * width + candidate]).isCloseTo((float) expected, within(1e-4f));
            }
        }
    }

    private static float[] gaussian(int count, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
