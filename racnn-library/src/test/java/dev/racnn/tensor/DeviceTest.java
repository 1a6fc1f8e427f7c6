package dev.racnn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class DeviceTest {
    @Test
    void texts_name_devices_and_devices_print_as_such_texts() {
        assertThat(Device.parse("cpu")).isEqualTo(Device.CPU);
        assertThat(Device.parse("cuda")).isEqualTo(new Device(Device.Kind.CUDA, 0));
        assertThat(Device.parse("CUDA:3")).hasToString("cuda:3");
        assertThat(Device.parse("mps")).hasToString("mps");
        assertThat(Device.parse("auto").kind()).isIn((Object[]) Device.Kind.values());
    }

    @Test
    void what_names_no_device_is_refused() {
        for (String text : new String[] {"gpu", "cuda:", "cuda:-1", "cuda:100", "cpu:1", ""}) {
            assertThatThrownBy(() -> Device.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("device must be cpu, cuda, cuda:N, mps or auto, but is " + text);
        }
        assertThatThrownBy(() -> new Device(Device.Kind.MPS, 1)).hasMessageContaining("only CUDA has several");
    }

    @Test
    void a_device_that_is_not_there_is_refused_in_a_line_and_nothing_changes() {
        Device beyond = new Device(Device.Kind.CUDA, 99);
        assertThatThrownBy(beyond::use)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("there is no device cuda:99: ")
                .hasMessageNotContaining("\n");
        assertThat(Device.current()).isEqualTo(Device.CPU);
    }

    @Test
    void a_build_for_processors_says_how_to_get_another() {
        assertThat(MissingCuda.class.getResource("/org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cuda.so"))
                .as("tests run with the natives for processors")
                .isNull();
        assertThat(MissingCuda.reason()).contains("-Pgpu");
    }

    @Test
    void a_library_that_the_linker_misses_is_named() {
        assertThat(MissingCuda.missing(
                        "/tmp/libtorch_cuda.so: libcudnn.so.9: cannot open shared object file: No such file or"
                                + " directory"))
                .isEqualTo("the library libcudnn.so.9 is missing; install CUDA 13 with cuDNN 9, see docs/gpu.md");
        assertThat(MissingCuda.missing("undefined symbol: x")).contains("undefined symbol: x", "docs/gpu.md");
    }

    @Test
    void a_graphics_processor_is_given_more_images_at_a_time() {
        assertThat(Device.CPU.batch(250)).isEqualTo(250);
        assertThat(new Device(Device.Kind.CUDA, 0).batch(250)).isGreaterThan(1000);
    }

    @Test
    void tensors_are_made_on_the_device_in_use() {
        try (var _ = Scope.open()) {
            assertThat(Tensors.zeros(torch.ScalarType.Long, 2, 3).device().is_cpu())
                    .isTrue();
            assertThat(Tensors.toFloats(Tensors.full(torch.ScalarType.BFloat16, 0.5, 3)))
                    .containsExactly(.5f, .5f, .5f);
            assertThat(Tensors.toFloats(Tensors.identity(3, 2))).containsExactly(1, 0, 0, 1, 0, 0);
            assertThat(
                            Tensors.toFloats(
                                    Tensors.written(memory -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, 1, 2), 1, 2))[
                                    1])
                    .isEqualTo(2);
            assertThat(Tensors.toLongs(Tensors.range(4))).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void libtorch_is_told_of_the_same_device() {
        try (var _ = Scope.open()) {
            assertThat(new Device(Device.Kind.CUDA, 1)
                            .options(torch.ScalarType.Float)
                            .device()
                            .str()
                            .getString())
                    .isEqualTo("cuda:1");
            assertThat(Device.parse("mps").optional().get().is_mps()).isTrue();
        }
    }
}
