package dev.racnn.server.api;

import dev.racnn.Spelling;
import dev.racnn.server.model.ServedModel;
import io.micronaut.http.HttpStatus;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what clients say of classes and neighbours against the served model. */
@Singleton
final class Labels {
    private static final int SHOWN = 50;

    private final ServedModel model;

    Labels(ServedModel model) {
        this.model = model;
    }

    /** The number of a class that a client names. */
    int number(String className) {
        List<String> names = model.description().classNames();
        int label = names.indexOf(className);
        if (label < 0) {
            String shown = className.length() > SHOWN ? className.substring(0, SHOWN) : className;
            throw new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "label must be one of %s%s".formatted(names, Spelling.suggestion(shown, names)));
        }
        return label;
    }

    /** The number of neighbours that a client asks for, or else that of the training. */
    int neighbours(@Nullable Integer asked) {
        int k = asked == null ? model.description().neighbours() : asked;
        try {
            model.requireNeighbours(k);
            return k;
        } catch (IllegalArgumentException e) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "k: " + e.getMessage());
        }
    }
}
