package dev.racnn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class ScopeTest {
    @Test
    void what_escapes_lives_in_the_scope_around_and_dies_with_it() {
        Tensor dropped;
        Tensor result;
        try (var _ = Scope.open()) {
            try (var inner = Scope.open()) {
                dropped = Tensors.of(new float[] {1, 2, 3}, 3);
                result = inner.escape(dropped.mul(new Scalar(2f)));
            }
            assertThat(dropped.isNull()).isTrue();
            assertThat(Tensors.toFloats(result)).containsExactly(2, 4, 6);
        }
        assertThat(result.isNull()).isTrue();
    }

    @Test
    void without_a_scope_around_the_holder_closes_what_escaped() {
        Tensor result;
        try (var scope = Scope.open()) {
            result = scope.escape(Tensors.of(new float[] {1}, 1));
        }
        assertThat(Tensors.toFloats(result)).containsExactly(1);
        result.close();
        assertThat(result.isNull()).isTrue();
    }

    @Test
    void a_scope_of_another_thread_is_refused() throws InterruptedException {
        Scope[] other = new Scope[1];
        Thread thread = Thread.ofPlatform().start(() -> other[0] = Scope.open());
        thread.join();
        try (var _ = Scope.open()) {
            Tensor tensor = Tensors.of(new float[] {1}, 1);
            assertThatThrownBy(() -> other[0].escape(tensor)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void the_process_does_not_grow_over_thousands_of_steps_in_scopes() {
        steps(200);
        long before = Pointer.physicalBytes();
        steps(2000);
        // Without the scopes these 2,000 steps would leave 6 GB behind.
        assertThat(Pointer.physicalBytes() - before).isLessThan(200L << 20);
    }

    private static void steps(int count) {
        for (int i = 0; i < count; i++) {
            try (var _ = Scope.open()) {
                Tensor x = torch.ones(new long[] {1 << 18}).set_requires_grad(true);
                x.mul(new Scalar(3f)).sum().backward();
            }
        }
    }
}
