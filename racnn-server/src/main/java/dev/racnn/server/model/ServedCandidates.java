package dev.racnn.server.model;

import dev.racnn.candidates.Candidate;
import dev.racnn.candidates.CandidateSnapshot;
import dev.racnn.candidates.Change;
import dev.racnn.candidates.LiveCandidateSet;
import dev.racnn.data.ImageSize;
import dev.racnn.data.InMemoryDataset;
import dev.racnn.racnn.Bundle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * The candidate set D' of a served model. A change is on the disk when its method returns, and the next batch sees it.
 *
 * @param bundle whose networks make images candidates
 * @param candidates the set
 * @param engine F with its settings, in words
 */
public record ServedCandidates(Bundle bundle, LiveCandidateSet candidates, String engine) {
    /** How many there are. */
    public int size() {
        return candidates.size();
    }

    /** What is known of them. */
    public IndexFacts facts() {
        try (CandidateSnapshot present = candidates.snapshot()) {
            int[] perClass = new int[present.layout().classNames().size()];
            present.ids().forEach(id -> perClass[present.label(id)]++);
            return new IndexFacts(
                    engine,
                    present.size(),
                    Arrays.stream(perClass).boxed().toList(),
                    present.base().generation(),
                    present.addedSinceCompaction(),
                    present.hiddenSinceCompaction());
        }
    }

    /**
     * Makes images candidates, all of them or none.
     *
     * @param images pixels as {@link ServedModel#pixels} gives them
     * @return the id of each, in their order
     * @throws IOException if they cannot be stored
     */
    public List<Long> add(List<byte[]> images, int label, Set<String> tags) throws IOException {
        ImageSize size = bundle.description().imageSize();
        byte[] pixels = new byte[images.size() * size.bytes()];
        int[] labels = new int[images.size()];
        Arrays.fill(labels, label);
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(images.get(i), 0, pixels, i * size.bytes(), size.bytes());
        }
        Candidate[] made = bundle.candidates(
                new InMemoryDataset(size, bundle.description().classNames(), labels, pixels), 0, images.size());
        synchronized (candidates) {
            long id = firstFreeId();
            List<Change> additions = new ArrayList<>();
            List<Long> ids = new ArrayList<>();
            for (Candidate one : made) {
                ids.add(id);
                additions.add(
                        new Change.Add(new Candidate(id++, label, one.key(), one.feature(), one.thumbnail(), tags)));
            }
            candidates.apply(additions);
            return ids;
        }
    }

    /**
     * Removes a candidate.
     *
     * @throws IllegalArgumentException if there is none of this id
     * @throws IllegalStateException if fewer would be left than the model has neighbours
     * @throws IOException if it cannot be stored
     */
    public void remove(long id) throws IOException {
        synchronized (candidates) {
            int needed = bundle.description().neighbours();
            if (candidates.size() <= needed) {
                throw new IllegalStateException(
                        "the model needs %s candidates and has no more; add others before this one is removed"
                                .formatted(needed));
            }
            candidates.remove(id);
        }
    }

    /**
     * Gives a candidate another class.
     *
     * @throws IllegalArgumentException if there is none of this id, or no such class
     * @throws IOException if it cannot be stored
     */
    public void relabel(long id, int label) throws IOException {
        candidates.relabel(id, label);
    }

    /**
     * Some of the candidates, the latest first.
     *
     * @param accepted which ones are wanted
     * @param before only those of smaller ids
     */
    public CandidatePage list(Predicate<CandidatePage.Entry> accepted, long before, int limit) {
        try (CandidateSnapshot present = candidates.snapshot()) {
            long[] ids = present.ids()
                    .filter(id -> accepted.test(entry(present, id)))
                    .sorted()
                    .toArray();
            int end = Arrays.binarySearch(ids, before);
            end = end < 0 ? -end - 1 : end;
            int start = Math.max(0, end - limit);
            List<CandidatePage.Entry> page = LongStream.of(Arrays.copyOfRange(ids, start, end))
                    .mapToObj(id -> entry(present, id))
                    .toList()
                    .reversed();
            return new CandidatePage(page, ids.length, start == 0 ? OptionalLong.empty() : OptionalLong.of(ids[start]));
        }
    }

    /**
     * One candidate.
     *
     * @throws IllegalArgumentException if there is none of this id
     */
    public CandidatePage.Entry entry(long id) {
        try (CandidateSnapshot present = candidates.snapshot()) {
            return entry(present, id);
        }
    }

    private static CandidatePage.Entry entry(CandidateSnapshot present, long id) {
        return new CandidatePage.Entry(id, present.label(id), present.tags(id));
    }

    /**
     * The picture of a candidate: unsigned bytes in the order channel, row, column.
     *
     * @throws IllegalArgumentException if there is none of this id
     */
    public byte[] thumbnail(long id) {
        try (CandidateSnapshot present = candidates.snapshot()) {
            return present.candidate(id).thumbnail();
        }
    }

    private long firstFreeId() {
        try (CandidateSnapshot present = candidates.snapshot()) {
            return present.firstFreeId();
        }
    }
}
