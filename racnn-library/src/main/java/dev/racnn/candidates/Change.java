package dev.racnn.candidates;

/** One change of a candidate set that lives. */
public sealed interface Change {
    /** The candidate that is changed. */
    long id();

    /** Adds a candidate whose id is not in use. */
    record Add(Candidate candidate) implements Change {
        @Override
        public long id() {
            return candidate.id();
        }
    }

    /** Removes a candidate. Its id can be given to another on purpose; {@link CandidateSnapshot#firstFreeId} never is it. */
    record Remove(long id) implements Change {}

    /** Gives a candidate another label. */
    record Relabel(long id, int label) implements Change {}
}
