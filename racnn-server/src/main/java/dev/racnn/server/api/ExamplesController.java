package dev.racnn.server.api;

import dev.racnn.data.Bundled;
import dev.racnn.data.Dataset;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.server.model.ServedModel;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Images to try a model of CIFAR-10 on: some of the test images that come with the library. Other models have none. */
@Controller("/v1/examples")
@Tag(name = "examples")
class ExamplesController {
    private static final int PER_CLASS = 2;

    private final BundleDescription model;
    private final List<Example> examples = new ArrayList<>();
    private final List<byte[]> pictures = new ArrayList<>();

    ExamplesController(ServedModel served) throws IOException {
        model = served.description();
        Dataset test = Bundled.test();
        if (!test.classNames().equals(model.classNames()) || !test.imageSize().equals(model.imageSize())) {
            return;
        }
        int[] taken = new int[model.classNames().size()];
        for (int i = 0; i < test.size(); i++) {
            if (taken[test.label(i)]++ < PER_CLASS) {
                byte[] pixels = new byte[test.imageSize().bytes()];
                test.pixels(i, pixels, 0);
                examples.add(new Example(examples.size(), model.classNames().get(test.label(i))));
                pictures.add(pixels);
            }
        }
    }

    /**
     * An image to try.
     *
     * @param id of its picture
     * @param label its true class
     */
    @Serdeable
    record Example(int id, String label) {}

    /**
     * Lists images to try the model on, which it was not trained on.
     *
     * @return a few of each class; none if the model is not for CIFAR-10
     */
    @Get
    List<Example> examples() {
        return examples;
    }

    /**
     * The picture of an example.
     *
     * @param id of the example
     * @return a PNG file
     */
    @Get("/{id}/image")
    @Produces(MediaType.IMAGE_PNG)
    HttpResponse<byte[]> image(@PathVariable int id) {
        if (id < 0 || id >= pictures.size()) {
            throw new Refusal(HttpStatus.NOT_FOUND, "there is no example " + id);
        }
        return HttpResponse.ok(Classification.png(pictures.get(id), model))
                .header(HttpHeaders.CACHE_CONTROL, "private, max-age=86400, immutable");
    }
}
