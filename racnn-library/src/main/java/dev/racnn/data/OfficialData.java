package dev.racnn.data;

import dev.racnn.Spelling;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The data sets that can be downloaded, with the official places and checksums of their files. */
public enum OfficialData {
    /** CIFAR-10, 170 MB. */
    CIFAR10,
    /** The cropped digits of SVHN, 1.6 GB. */
    SVHN;

    /** The files that make up the data set. */
    public List<RemoteFile> files() {
        return switch (this) {
            case CIFAR10 ->
                List.of(new RemoteFile(
                        URI.create("https://www.cs.toronto.edu/~kriz/" + Cifar10.ARCHIVE),
                        "c32a1d4ab5d03f1284b67883e8d87530"));
            case SVHN ->
                List.of(
                        svhn("train", "e26dedcc434d2e4c54c9b2d4a06d8373"),
                        svhn("test", "eb5a983be6a315427106f1b164d9cef3"),
                        svhn("extra", "a93ce644f1a588dc4d68dda5feec44a7"));
        };
    }

    private static RemoteFile svhn(String split, String md5) {
        return new RemoteFile(URI.create("http://ufldl.stanford.edu/housenumbers/" + split + "_32x32.mat"), md5);
    }

    /**
     * The data set of a name, such as {@code cifar10}.
     *
     * @throws IllegalArgumentException if there is none; the message suggests the nearest one
     */
    public static OfficialData named(String name) {
        List<String> known = Arrays.stream(values()).map(OfficialData::toString).toList();
        int index = known.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("NAME must be " + String.join(" or ", known) + ", but is '" + name
                    + "'; did you mean " + Spelling.nearest(name, known) + "?");
        }
        return values()[index];
    }

    /** The name, as {@link DataSource#parse} takes it before the colon. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
