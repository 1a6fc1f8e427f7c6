package dev.racnn.server.api;

import dev.racnn.server.batch.QueueFullException;
import io.micronaut.context.annotation.Primary;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.body.MessageBodyHandlerRegistry;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Gives every refusal and every failure the same form, and keeps what went wrong inside out of answers. */
@Singleton
@Primary
final class Problems implements ErrorResponseProcessor<Problem> {
    private static final Logger LOG = System.getLogger(Problems.class.getName());

    /** What the server's parts say, and how it is worded here. */
    private static final Map<Pattern, String> WORDINGS = wordings();

    private static Map<Pattern, String> wordings() {
        Map<Pattern, String> wordings = new LinkedHashMap<>();
        wordings.put(Pattern.compile("^Failed to convert argument \\[body\\] for value \\[null\\] due to: "), "body: ");
        wordings.put(
                Pattern.compile("^Failed to convert argument \\[(\\w+)\\] for value \\[(.*)\\] due to: .*$"),
                "$1 cannot be '$2'; /openapi.json says what it may be");
        wordings.put(Pattern.compile("^Required \\w+ \\[(\\w+)\\] not specified$"), "$1 is missing");
        wordings.put(
                Pattern.compile("^Page Not Found$"),
                "there is nothing at this address; /openapi.json lists what there is");
        wordings.put(
                Pattern.compile("Unknown property \\[(.*?)\\] encountered during deserialization of type: .*$"),
                "there is no member '$1'");
        wordings.put(Pattern.compile(" of type \\[class [^]]*\\]"), "");
        wordings.put(Pattern.compile("\\[Source: REDACTED \\([^)]*\\); (line: \\d+, column: \\d+)\\]"), "$1");
        return wordings;
    }

    /** Looks up what writes problems while everything is there: the first one may come while the service ends. */
    Problems(MessageBodyHandlerRegistry writers) {
        writers.getWriter(Argument.of(Problem.class), List.of(MediaType.APPLICATION_JSON_PROBLEM_TYPE));
    }

    @Override
    public MutableHttpResponse<Problem> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        Throwable cause = context.getRootCause().orElse(null);
        HttpStatus status = HttpStatus.valueOf(response.code());
        String detail = context.getErrors().stream().map(Problems::detail).collect(Collectors.joining("; "));
        if (response.code() >= 500 && !(cause instanceof HttpStatusException)) {
            LOG.log(Level.ERROR, "%s %s failed".formatted(context.getRequest().getMethod(), path(context)), cause);
            detail = "the request failed for a reason inside the service, which its log has";
        }
        if (cause != null && cause.getCause() instanceof QueueFullException full) {
            response.header(
                    HttpHeaders.RETRY_AFTER, Long.toString(full.retryAfter().toSeconds()));
        }
        return response.body(Problem.of(status, detail.isEmpty() ? status.getReason() : detail))
                .contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
    }

    /** Clients are to read what is wrong with their request, not how it was called inside, nor the names of Java's types. */
    private static String detail(Error error) {
        String words = error.getMessage().replaceAll("\\s+", " ");
        for (Map.Entry<Pattern, String> rule : WORDINGS.entrySet()) {
            words = rule.getKey().matcher(words).replaceAll(rule.getValue());
        }
        return words;
    }

    private static String path(ErrorContext context) {
        return context.getRequest().getPath();
    }
}
