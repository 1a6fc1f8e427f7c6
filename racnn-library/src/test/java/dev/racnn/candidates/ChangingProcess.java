package dev.racnn.candidates;

import dev.racnn.retrieval.Neighbours;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A process of its own that changes a candidate set until it is killed or the disk is full, and says what it has done. */
final class ChangingProcess {
    static final String MADE = "made ";
    static final String FAILED = "failed ";

    private ChangingProcess() {}

    /** The n-th step, made to a list: the same in every process. */
    static List<Change> changes(PlainList list, int step) {
        List<Change> changes = list.randomChanges(new SplittableRandom(step));
        list.apply(changes);
        return changes;
    }

    /** Arguments: the folder, the first step, and "adding" to make the log grow until a write fails. */
    @SuppressWarnings("SystemOut") // the other process reads what was done
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int first = Integer.parseInt(arguments[1]);
        try (LiveCandidateSet live = LiveCandidateSet.open(folder, PlainScan.ENGINE, 1)) {
            if (arguments.length > 2) {
                addUntilItFails(live);
                return;
            }
            PlainList list = new PlainList();
            for (int step = 0; step < first; step++) {
                changes(list, step);
            }
            for (int step = first; true; step++) {
                live.apply(changes(list, step));
                System.out.println(MADE + step);
                if (step % 40 == 39) {
                    live.compact();
                }
            }
        }
    }

    @SuppressWarnings("SystemOut")
    private static void addUntilItFails(LiveCandidateSet live) {
        for (long id = 0; true; id++) {
            try {
                live.add(CandidateExamples.candidate(id));
                System.out.println(MADE + id);
            } catch (IOException e) {
                System.out.println(FAILED + e.getMessage());
                Neighbours answer = live.search(new float[5], live.size());
                System.out.println("still serving " + answer.ids().length);
                return;
            }
        }
    }
}
