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
import java.util.List;
import java.util.stream.Collectors;

/** Gives every refusal and every failure the same form, and keeps what went wrong inside out of answers. */
@Singleton
@Primary
final class Problems implements ErrorResponseProcessor<Problem> {
    private static final Logger LOG = System.getLogger(Problems.class.getName());

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

    /** What is wrong with JSON is said by its parser, which also names Java types and how it was called. */
    private static String detail(Error error) {
        return error.getMessage()
                .replaceAll("\\s+", " ")
                .replaceAll("^Failed to convert argument \\[body\\] for value \\[null\\] due to: ", "body: ")
                .replaceAll(" of type \\[class [^]]*\\]", "")
                .replaceAll("\\[Source: REDACTED \\([^)]*\\); (line: \\d+, column: \\d+)\\]", "$1");
    }

    private static String path(ErrorContext context) {
        return context.getRequest().getPath();
    }
}
