package dev.racnn.server.api;

import dev.racnn.server.Limits;
import dev.racnn.server.image.ImageCheck;
import dev.racnn.server.image.RefusedImageException;
import dev.racnn.server.image.RefusedImageException.Reason;
import dev.racnn.server.image.Upload;
import dev.racnn.server.model.ServedModel;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.multipart.CompletedFileUpload;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Turns what clients send into pixels: checked before it is decoded, and only as many at a time as there are processors. */
@Singleton
final class Images {
    private final ServedModel model;
    private final Limits limits;
    private final ImageCheck check;
    private final Semaphore decoding = new Semaphore(Runtime.getRuntime().availableProcessors());

    Images(ServedModel model, Limits limits) {
        this.model = model;
        this.limits = limits;
        check = new ImageCheck(limits.pixels());
    }

    /** The files of a multipart request, in their order. */
    List<byte[]> pixels(Publisher<CompletedFileUpload> files) {
        List<Upload> uploads = Flux.from(files)
                .take(limits.images() + 1L)
                .map(Images::upload)
                .collectList()
                .block();
        if (uploads == null || uploads.isEmpty()) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST, "there is no image; send it as a file in the multipart field 'image'");
        }
        return decode(uploads);
    }

    /** The files of a JSON request, in their order. */
    List<byte[]> pixels(ImagesBody body) {
        List<Upload> uploads = new ArrayList<>();
        requireCount(body.images().size());
        for (String image : body.images()) {
            String name = name(uploads.size(), "");
            try {
                uploads.add(new Upload(name, Base64.getDecoder().decode(image), null));
            } catch (IllegalArgumentException e) {
                throw new Refusal(HttpStatus.BAD_REQUEST, "%s is not base64 (%s)".formatted(name, e.getMessage()));
            }
        }
        return decode(uploads);
    }

    private List<byte[]> decode(List<Upload> uploads) {
        requireCount(uploads.size());
        List<byte[]> pixels = new ArrayList<>();
        for (int i = 0; i < uploads.size(); i++) {
            Upload upload = uploads.get(i);
            try {
                pixels.add(decode(upload));
            } catch (RefusedImageException e) {
                throw Refusal.of(name(i, upload.name()), e);
            }
        }
        return pixels;
    }

    private byte[] decode(Upload upload) throws RefusedImageException {
        check.require(upload.content(), upload.declaredType());
        decoding.acquireUninterruptibly();
        try {
            return model.pixels(upload.content());
        } catch (IOException e) {
            throw new RefusedImageException(Reason.DAMAGE, "%s".formatted(e.getMessage()));
        } finally {
            decoding.release();
        }
    }

    private void requireCount(int images) {
        if (images > limits.images()) {
            throw new Refusal(
                    HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                    "a request may hold %s images, but there are more; send several requests"
                            .formatted(limits.images()));
        }
    }

    private static Upload upload(CompletedFileUpload file) {
        try {
            return new Upload(
                    file.getFilename(),
                    file.getBytes(),
                    file.getContentType().map(MediaType::getName).orElse(null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an image is called in messages, which must not repeat whatever a client chose to send. */
    private static String name(int place, String file) {
        String readable = file.replaceAll("[^\\p{Alnum}._ -]", "?");
        String named = readable.length() > 60 ? readable.substring(0, 60) + ".." : readable;
        return "image " + (place + 1) + (named.isBlank() ? "" : " (" + named + ")");
    }
}
