package dev.racnn.server;

import dev.racnn.data.Bundled;
import dev.racnn.data.Dataset;
import dev.racnn.data.ImageSize;
import dev.racnn.server.image.Picture;
import java.io.IOException;

/** Images of CIFAR-10 as PNG files. */
public final class TestImages {
    private TestImages() {}

    /** One of the test images. */
    public static byte[] test(int index) throws IOException {
        return png(Bundled.test(), index);
    }

    /** One of the training images, of which the first are candidates. */
    public static byte[] training(int index) throws IOException {
        return png(Bundled.train(), index);
    }

    private static byte[] png(Dataset data, int index) {
        ImageSize size = data.imageSize();
        byte[] pixels = new byte[size.bytes()];
        data.pixels(index, pixels, 0);
        return new Picture(pixels, size.height(), size.width()).png();
    }
}
