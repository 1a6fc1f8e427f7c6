package dev.racnn.data;

import java.net.URI;

/**
 * A file to be had from the web.
 *
 * @param uri http or https; the last part of its path names the file
 * @param md5 checksum of the whole file, 32 lower-case hexadecimal digits
 */
public record RemoteFile(URI uri, String md5) {
    public RemoteFile {
        if (!md5.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("md5 must be 32 lower-case hexadecimal digits, but is '" + md5 + "'");
        }
    }

    /** What the file is called. */
    public String fileName() {
        String path = uri.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * The same file at another place.
     *
     * @param folder address of the folder that holds it
     */
    public RemoteFile at(URI folder) {
        String base = folder.toString();
        return new RemoteFile(URI.create(base + (base.endsWith("/") ? "" : "/") + fileName()), md5);
    }
}
