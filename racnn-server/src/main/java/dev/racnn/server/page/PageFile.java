package dev.racnn.server.page;

import dev.racnn.files.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * A file of the page.
 *
 * @param content of the file
 * @param type media type
 * @param tag changes with the content
 */
record PageFile(byte[] content, String type, String tag) {
    private static final int TAG_DIGITS = 16;
    private static final String LIBRARY = "lit-html";

    /** A file beside this class. */
    static PageFile own(String name) throws IOException {
        return of(read(name), type(name));
    }

    /** The library of the page, which comes in a WebJar. */
    static PageFile library() throws IOException {
        Properties stated = new Properties();
        try (InputStream in = open("/META-INF/maven/org.webjars.npm/%s/pom.properties".formatted(LIBRARY))) {
            stated.load(in);
        }
        String file =
                "/META-INF/resources/webjars/%s/%s/%s.js".formatted(LIBRARY, stated.getProperty("version"), LIBRARY);
        return of(read(file), type(file));
    }

    static PageFile of(byte[] content, String type) {
        return new PageFile(content, type, '"' + Sha256.of(content).substring(0, TAG_DIGITS) + '"');
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = PageFile.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException(name + " of the page is missing; the build did not make it");
        }
        return in;
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "text/javascript; charset=utf-8";
        };
    }
}
