package dev.racnn.server.audit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the candidate set, as it was asked for or as it ended.
 *
 * @param sequence number of the change, from 1
 * @param time when this was noted
 * @param client address of whoever asked
 * @param action what was asked for
 * @param state how far it is
 * @param ids the candidates; empty for an addition that has only begun
 * @param label name of the class that they are given; null for a removal
 * @param was name of the class that they had; null for an addition
 * @param tags that they are given
 * @param sha256 checksums of the pixels of added images, hexadecimal
 */
public record AuditEntry(
        long sequence,
        Instant time,
        String client,
        Action action,
        State state,
        List<Long> ids,
        @Nullable String label,
        @Nullable String was,
        List<String> tags,
        List<String> sha256) {
    public AuditEntry {
        ids = List.copyOf(ids);
        tags = List.copyOf(tags);
        sha256 = List.copyOf(sha256);
    }

    /** What can be done to candidates. */
    public enum Action {
        /** Images become candidates. */
        ADD,
        /** A candidate goes. */
        REMOVE,
        /** A candidate gets another class. */
        RELABEL
    }

    /** How far a change is. An entry that has begun and neither ended nor failed was cut off by a crash. */
    public enum State {
        /** It is about to be made. */
        BEGUN,
        /** It is made and on the disk. */
        DONE,
        /** It was not made. */
        FAILED
    }

    /** The same change further on. */
    AuditEntry noted(long number, Instant now, State reached, List<Long> candidates) {
        return new AuditEntry(number, now, client, action, reached, candidates, label, was, tags, sha256);
    }

    /** A change that is asked for. */
    public static AuditEntry asked(
            String client,
            Action action,
            List<Long> ids,
            @Nullable String label,
            @Nullable String was,
            List<String> tags,
            List<String> sha256) {
        return new AuditEntry(0, Instant.EPOCH, client, action, State.BEGUN, ids, label, was, tags, sha256);
    }
}
