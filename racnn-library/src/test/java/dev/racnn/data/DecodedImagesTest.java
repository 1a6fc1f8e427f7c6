package dev.racnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecodedImagesTest {
    private final AtomicInteger decoded = new AtomicInteger();

    @Test
    void an_image_is_decoded_once_whoever_asks_for_it() {
        DecodedImages images = new DecodedImages(100, this::decode);
        images.prefetch(3, 4, 5);
        for (int i = 0; i < 2; i++) {
            assertThat(IntStream.range(0, 100)
                            .parallel()
                            .map(image -> images.get(image)[0])
                            .toArray())
                    .isEqualTo(IntStream.range(0, 100).toArray());
        }
        assertThat(decoded).hasValue(100);
    }

    @Test
    void announced_images_are_decoded_before_they_are_asked_for() throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(3);
        DecodedImages images = new DecodedImages(10, image -> {
            ready.countDown();
            return decode(image);
        });
        images.prefetch(7, 8, 9);
        ready.await();
        assertThat(images.get(8)).containsExactly(8);
    }

    @Test
    void a_damaged_image_is_told_when_it_is_asked_for_and_not_before() {
        DecodedImages images = new DecodedImages(10, image -> {
            if (image == 2) {
                throw new UncheckedIOException(new IOException("2.png is damaged"));
            }
            return decode(image);
        });
        images.prefetch(1, 2, 3);
        assertThat(images.get(1)).containsExactly(1);
        assertThat(images.get(3)).containsExactly(3);
        assertThatThrownBy(() -> images.get(2))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("2.png is damaged");
    }

    @Test
    void no_more_is_decoded_ahead_than_memory_is_meant_for() {
        DecodedImages images = new DecodedImages(100_000, this::decode);
        images.prefetch(IntStream.range(0, 50_000).toArray());
        images.prefetch(IntStream.range(50_000, 51_000).toArray());
        assertThat(images.get(50_999)[0]).isEqualTo((byte) 50_999);
        assertThat(images.get(40_000)[0]).isEqualTo((byte) 40_000);
        assertThat(decoded.get()).isLessThanOrEqualTo(1024 + 1000 + 1);
    }

    private byte[] decode(int image) {
        decoded.incrementAndGet();
        return new byte[] {(byte) image};
    }
}
