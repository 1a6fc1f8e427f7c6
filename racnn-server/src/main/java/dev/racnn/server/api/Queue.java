package dev.racnn.server.api;

import dev.racnn.server.batch.BatchSettings;
import dev.racnn.server.batch.Batcher;
import dev.racnn.server.batch.QueueFullException;
import dev.racnn.server.model.Question;
import dev.racnn.server.model.ServedModel;
import dev.racnn.server.model.Verdict;
import io.micronaut.http.HttpStatus;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** The way of questions to the model, where those of many requests come together. */
@Singleton
final class Queue {
    private final Batcher<Question, Verdict> batcher;

    Queue(ServedModel model, BatchSettings settings, Metrics metrics) {
        batcher = new Batcher<>("classify", settings, model::answer, metrics);
        metrics.gauge("racnn.queue.images", "Images that wait to be classified", batcher::waiting);
    }

    /**
     * Waits for the answers.
     *
     * @throws Refusal if too many wait already, or the service is ending
     */
    List<Verdict> answer(List<Question> questions) {
        try {
            List<Verdict> verdicts = new ArrayList<>();
            for (CompletableFuture<Verdict> verdict : batcher.submit(questions)) {
                verdicts.add(verdict.join());
            }
            return verdicts;
        } catch (QueueFullException e) {
            throw Refusal.of(e);
        } catch (RejectedExecutionException e) {
            throw new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "%s".formatted(e.getMessage()));
        }
    }

    @PreDestroy
    void close() {
        batcher.close();
    }
}
