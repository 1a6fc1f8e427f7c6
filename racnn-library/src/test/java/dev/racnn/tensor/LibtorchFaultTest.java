package dev.racnn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibtorchFaultTest {
    @Test
    void a_native_stack_and_lists_of_back_ends_are_left_out() {
        assertThat(fault("""
            Could not run 'aten::empty_strided' with arguments from the 'CUDA' backend. This could be because \
            the operator doesn't exist for this backend, or was omitted during the selective/custom build process (if using custom build). 'aten::empty_strided' is only available for [CPU, Meta].

            CPU: registered at RegisterCPU.cpp:2479 [kernel]
            Exception raised from reportError at OperatorEntry.cpp:640 (most recent call first):
            frame #0: c10::Error::Error + 0xac (0x7f in libc10.so)
            """)).isEqualTo("Could not run 'aten::empty_strided' with arguments from the 'CUDA' backend");
    }

    @Test
    void a_script_is_quoted_with_what_it_raised() {
        assertThat(fault("""
            The following operation failed in the TorchScript interpreter.
            Traceback of TorchScript (most recent call last):
              File "<string>", line 2, in forward
                assert x.size(2) == 64, "needs 64"
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ <--- HERE
            RuntimeError: AssertionError: needs 64
            """)).isEqualTo("AssertionError: needs 64");
    }

    @Test
    void what_is_short_stays_and_what_is_long_is_cut_between_words() {
        assertThat(fault("expected 3.5 but got 7. E.g. both")).isEqualTo("expected 3.5 but got 7. E.g. both");
        assertThat(fault("word ".repeat(200))).hasSizeLessThan(205).endsWith("word ..");
        assertThat(fault("x".repeat(5000))).hasSizeLessThan(205);
        assertThat(LibtorchFault.of(new IllegalStateException())).contains("IllegalStateException");
    }

    private static String fault(String message) {
        return LibtorchFault.of(new IllegalStateException(message));
    }
}
