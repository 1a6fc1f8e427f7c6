package dev.racnn.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A form with files, as browsers send it (RFC 7578). */
public final class Multipart {
    private static final String BOUNDARY = "----racnn-boundary";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** The header {@code Content-Type} of the request. */
    public String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    /** Adds a file. */
    public Multipart file(String field, String name, String type, byte[] content) {
        text("--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
                .formatted(BOUNDARY, field, name, type));
        body.writeBytes(content);
        text("\r\n");
        return this;
    }

    /** Adds a PNG file in the field {@code image}. */
    public Multipart image(byte[] png) {
        return file("image", "image.png", "image/png", png);
    }

    /** Adds a value. */
    public Multipart value(String field, String value) {
        text("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(BOUNDARY, field, value));
        return this;
    }

    /** The whole form. */
    public byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(body.toByteArray());
        whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return whole.toByteArray();
    }

    private void text(String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
