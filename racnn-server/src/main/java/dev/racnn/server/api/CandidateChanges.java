package dev.racnn.server.api;

import dev.racnn.files.AtomicFile;
import dev.racnn.files.Sha256;
import dev.racnn.server.audit.AuditEntry;
import dev.racnn.server.audit.AuditEntry.Action;
import dev.racnn.server.audit.AuditLog;
import dev.racnn.server.model.CandidatePage;
import dev.racnn.server.model.ServedCandidates;
import dev.racnn.server.model.ServedModel;
import io.micronaut.http.HttpStatus;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Changes of the candidate set as clients ask for them: checked, noted, made, and compacted now and then. */
@Singleton
final class CandidateChanges {
    private static final Logger LOG = System.getLogger(CandidateChanges.class.getName());
    private static final int LONGEST_TAG = 100;
    private static final int MOST_TAGS = 20;

    private final ServedModel model;
    private final Labels labels;
    private final ServedCandidates candidates;
    private final AuditLog audit;
    private final ExecutorService compaction = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("compaction").factory());

    CandidateChanges(ServedModel model, Labels labels, AuditLog audit) {
        this.model = model;
        this.labels = labels;
        this.audit = audit;
        candidates = model.candidates();
    }

    /** A candidate that is there. */
    CandidatePage.Entry existing(long id) {
        try {
            return candidates.entry(id);
        } catch (IllegalArgumentException e) {
            throw new Refusal(HttpStatus.NOT_FOUND, "%s".formatted(e.getMessage()));
        }
    }

    List<Long> add(List<byte[]> images, String className, List<String> tags, String client) {
        int label = labels.number(className);
        requireTags(tags);
        return make(
                AuditEntry.asked(
                        client,
                        Action.ADD,
                        List.of(),
                        className,
                        null,
                        tags,
                        images.stream().map(Sha256::of).toList()),
                () -> candidates.add(images, label, Set.copyOf(tags)));
    }

    void relabel(long id, String className, String client) {
        int label = labels.number(className);
        make(
                AuditEntry.asked(client, Action.RELABEL, List.of(id), className, className(id), List.of(), List.of()),
                () -> {
                    candidates.relabel(id, label);
                    return List.of(id);
                });
    }

    void remove(long id, String client) {
        make(AuditEntry.asked(client, Action.REMOVE, List.of(id), null, className(id), List.of(), List.of()), () -> {
            candidates.remove(id);
            return List.of(id);
        });
    }

    List<AuditEntry> latest(int limit) {
        return audit.latest(limit);
    }

    @PreDestroy
    void close() {
        compaction.close();
    }

    private List<Long> make(AuditEntry asked, AuditLog.Change change) {
        try {
            List<Long> ids = audit.make(asked, change);
            compaction.execute(this::compact);
            return ids;
        } catch (IllegalStateException e) {
            throw new Refusal(HttpStatus.CONFLICT, "%s".formatted(e.getMessage()));
        } catch (IllegalArgumentException e) {
            // It was there when it was looked up: somebody else removed it meanwhile.
            throw new Refusal(HttpStatus.NOT_FOUND, "%s".formatted(e.getMessage()));
        } catch (IOException e) {
            if (AtomicFile.isDiskFull(e)) {
                throw new Refusal(
                        HttpStatus.INSUFFICIENT_STORAGE, "the disk of the service is full; nothing was changed");
            }
            throw new UncheckedIOException(e);
        }
    }

    private void compact() {
        try {
            model.compactIfDue();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "%s".formatted(e.getMessage()), e);
        }
    }

    private String className(long id) {
        return model.description().classNames().get(existing(id).label());
    }

    private static void requireTags(List<String> tags) {
        if (tags.size() > MOST_TAGS || tags.stream().anyMatch(tag -> tag.isBlank() || tag.length() > LONGEST_TAG)) {
            throw new Refusal(
                    HttpStatus.BAD_REQUEST,
                    "tags must be at most %s words of 1 to %s characters".formatted(MOST_TAGS, LONGEST_TAG));
        }
    }
}
