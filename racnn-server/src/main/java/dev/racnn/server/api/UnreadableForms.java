package dev.racnn.server.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.netty.handler.codec.DecoderException;
import jakarta.inject.Singleton;

/** A form that cannot be read is the fault of its client, though what reads it says no more than that it failed. */
@Singleton
final class UnreadableForms implements ExceptionHandler<DecoderException, HttpResponse<?>> {
    private final Problems problems;

    UnreadableForms(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface has it.
    public HttpResponse<?> handle(HttpRequest request, DecoderException e) {
        return problems.processResponse(
                ErrorContext.builder(request)
                        .cause(e)
                        .errorMessage("the form cannot be read; send multipart/form-data with a boundary, or JSON")
                        .build(),
                HttpResponse.badRequest());
    }
}
