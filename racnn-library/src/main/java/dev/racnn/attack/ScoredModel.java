package dev.racnn.attack;

import dev.racnn.model.Bounds;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The attacked classifier as an attack sees it: every query is counted for its example, every point that the classifier
 * decides on is tested against the criterion (and the budget, if the attack has one), and the best adversarial point of each
 * example is remembered. A line-search point counts like any other (Foolbox 2d468cb6, {@code Adversarial}).
 *
 * <p>Points are floating-point [n, 3, H, W], rounded to float32 before any use; {@code rows} says which example of the batch each of them belongs to, and may
 * repeat. Logits that are no numbers are no success; the example goes on.
 */
public final class ScoredModel implements AutoCloseable {
    /** How many votes a point has to win before it ends the attack on its example: of many points, some win one by luck. */
    private static final int POLLS = 2;

    private final Votes votes;
    private final @Nullable GradientPath path;
    private final @Nullable GradientSession session;
    private final AttackBatch batch;
    private final Attack attack;
    private final Keep keep;
    private final Scoreboard[] scoreboards;
    private final long[] forwardQueries;
    private final long[] gradientQueries;
    private final long[] zeroGradients;

    /** @param votes whom to ask, and how often about a point that seems adversarial */
    ScoredModel(Votes votes, @Nullable GradientPath path, AttackBatch batch, Attack attack, Keep keep) {
        this.votes = votes;
        this.path = path;
        this.session = path != null && attack.needsGradients() ? path.open(batch) : null;
        this.batch = batch;
        this.attack = attack;
        this.keep = keep;
        this.scoreboards =
                IntStream.range(0, batch.size()).mapToObj(_ -> new Scoreboard()).toArray(Scoreboard[]::new);
        this.forwardQueries = new long[batch.size()];
        this.gradientQueries = new long[batch.size()];
        this.zeroGradients = new long[batch.size()];
    }

    /** What was said about some points; gradients in the order of the losses. */
    record Answers(Decisions decisions, List<LossGradient> gradients) {}

    /** Tells the gradient path, and whoever listens, where the attack stands; before the first gradients of a step. */
    public void at(Step step) {
        if (session != null) {
            session.at(step);
        }
        batch.progress((long) step.run() * step.of() + step.number(), (long) step.runs() * step.of());
    }

    /** Asks the attacked classifier. One forward query for each point; more where several answers decide. */
    public Decisions decide(Tensor points, int... rows) {
        try (var scope = Scope.open()) {
            Tensor images = points.to(ScalarType.Float);
            Tensor logits = scope.escape(votes.ask(images, rows));
            return score(images, logits, rows);
        }
    }

    /**
     * Asks the attacked classifier without deciding anything. One forward query for each point.
     *
     * @return logits, float32 [n, classes]
     */
    public Tensor logits(Tensor points, int... rows) {
        IntStream.of(rows).forEach(row -> forwardQueries[row]++);
        return votes.ask(points, rows);
    }

    /**
     * Asks the gradient path about several losses at the same points, which share what they have in common. One gradient query for each point
     * and loss; nothing is decided, nothing scored. A gradient with a component that is no finite number is counted as zero and is zero: its example
     * fails alone.
     *
     * @param losses at least one
     */
    public List<LossGradient> gradients(Tensor points, int[] rows, List<Loss> losses) {
        return counted(session().gradients(points.to(ScalarType.Float), rows, losses), rows);
    }

    /**
     * Asks for decisions and gradients at the same points: one forward and one gradient query for each. Where the gradient
     * path goes through the attacked classifier itself, one forward pass serves both.
     */
    Answers evaluate(Tensor points, int[] rows, List<Loss> losses) {
        Tensor images = points.to(ScalarType.Float);
        Gradients gradients = session().gradients(images, rows, losses);
        Tensor logits = gradients.logits();
        Decisions decisions = logits != null && hasOwnGradients() ? score(images, logits, rows) : decide(images, rows);
        return new Answers(decisions, counted(gradients, rows));
    }

    /** Where gradients come from, for attacks and starts that make use of what a path knows beside them. */
    public GradientPath path() {
        if (path == null) {
            throw needless();
        }
        return path;
    }

    /** Whether gradients go through the attacked classifier itself, so that their losses are its own. */
    public boolean hasOwnGradients() {
        return path().answersFor(votes.classifier());
    }

    /** Whether an adversarial point of this example has been found. */
    public boolean succeeded(int row) {
        return scoreboards[row].best() != null;
    }

    /** The distance of the nearest adversarial point of this example, by the attack's own distance; infinity if there is none. */
    public double bestDistance(int row) {
        return scoreboards[row].nearest();
    }

    /**
     * The distance, by the attack's own, from which on a point of this example changes nothing any more: that of the nearest
     * adversarial one. Infinity if there is none, or if points are not ranked by distance.
     */
    public double horizon(int row) {
        return keep == Keep.NEAREST ? bestDistance(row) : Double.POSITIVE_INFINITY;
    }

    /**
     * The best points found.
     *
     * @param rows examples that {@link #succeeded}
     * @return float32 [n, 3, H, W]
     * @throws IllegalStateException if there is none for one of the rows
     */
    public Tensor best(int... rows) {
        return Examples.tensor(
                batch.imageSize(), IntStream.of(rows).mapToObj(this::bestPoint).toArray(float[][]::new));
    }

    /**
     * The rows among these that an attack within a budget has to go on with: those for which no adversarial point has been found yet
     * or, where the most confident one is wanted, all.
     */
    public int[] unsolved(int... rows) {
        return IntStream.of(rows).filter(row -> !isSolved(row)).toArray();
    }

    /** Whether an attack within a budget is done with an example; see {@link #unsolved}. */
    public boolean isSolved(int row) {
        return keep == Keep.NEAREST && succeeded(row);
    }

    /** Forgets the points found for these examples, for attacks that begin with a helper attack which must not count. */
    public void forget(int... rows) {
        for (int row : rows) {
            scoreboards[row].clear();
        }
    }

    Scoreboard scoreboard(int row) {
        return scoreboards[row];
    }

    long forwardQueries(int row) {
        return forwardQueries[row];
    }

    long gradientQueries(int row) {
        return gradientQueries[row];
    }

    long zeroGradients(int row) {
        return zeroGradients[row];
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
    }

    private float[] bestPoint(int row) {
        Scoreboard.Entry best = scoreboards[row].best();
        if (best == null) {
            throw new IllegalStateException("no adversarial point has been found for example " + batch.index(row)
                    + " yet; ask succeeded(row) first");
        }
        return best.point();
    }

    private GradientSession session() {
        if (session == null) {
            throw needless();
        }
        return session;
    }

    private IllegalStateException needless() {
        return new IllegalStateException(
                "attack '" + attack.name() + "' asked for gradients although it says it needs none");
    }

    private List<LossGradient> counted(Gradients gradients, int[] rows) {
        return gradients.each().stream().map(one -> counted(one, rows)).toList();
    }

    private LossGradient counted(LossGradient result, int[] rows) {
        float[] sizes = result.sizes();
        boolean[] dead = result.dead(sizes, batch.bounds().range());
        for (int i = 0; i < rows.length; i++) {
            gradientQueries[rows[i]] += path().passes();
            zeroGradients[rows[i]] += dead[i] ? path().passes() : 0;
        }
        return result.finite(sizes);
    }

    private Decisions score(Tensor points, Tensor logits, int[] rows) {
        float[][] answers = Logits.checked(logits, batch.classes(), rows.length);
        boolean[] adversarial = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            forwardQueries[rows[i]]++;
            adversarial[i] = isAdversarial(answers[i], rows[i]);
        }
        int[] hits = IntStream.range(0, rows.length).filter(i -> adversarial[i]).toArray();
        if (hits.length > 0) {
            try (var _ = Scope.open()) {
                Tensor some = hits.length == rows.length ? points : points.index_select(0, Tensors.of(hits));
                boolean[] holds = confirmed(some, hits, rows);
                float[][] pixels = batch.pixels(some);
                for (int i = 0; i < hits.length; i++) {
                    adversarial[hits[i]] = holds[i] && record(rows[hits[i]], pixels[i], answers[hits[i]]);
                }
            }
        }
        return new Decisions(logits, adversarial);
    }

    private boolean isAdversarial(float[] logits, int row) {
        int label = batch.label(row);
        int index = batch.index(row);
        return Logits.areNumbers(logits)
                && votes.criterion().isAdversarial(logits, label, index)
                && (attack.confidence() == 0 || votes.criterion().margin(logits, label, index) > attack.confidence());
    }

    /** Where several answers decide: whether most of as many fresh ones agree, and again. */
    private boolean[] confirmed(Tensor points, int[] hits, int[] rows) {
        boolean[] holds = new boolean[hits.length];
        int[] open = IntStream.range(0, hits.length).toArray();
        for (int poll = 0; poll < POLLS && votes.count() > 1 && open.length > 0; poll++) {
            int[] owners = IntStream.of(open).map(i -> rows[hits[i]]).toArray();
            int[] asked = new int[open.length];
            boolean[] won = votes.adversarial(points.index_select(0, Tensors.of(open)), batch, owners, asked);
            for (int i = 0; i < owners.length; i++) {
                forwardQueries[owners[i]] += asked[i];
            }
            int[] polled = open;
            open = IntStream.range(0, polled.length)
                    .filter(i -> won[i])
                    .map(i -> polled[i])
                    .toArray();
        }
        for (int i : open) {
            holds[i] = true;
        }
        return holds;
    }

    /** Puts a point that meets the criterion on record; false if it breaks the bounds or the budget. */
    private boolean record(int row, float[] point, float[] logits) {
        Bounds bounds = batch.bounds();
        if (!Confirmation.isAllowed(attack, bounds, batch.original(row), point)) {
            return false;
        }
        double distance = attack.distance().between(batch.original(row), point, bounds);
        double rank = switch (keep) {
            case NEAREST -> distance;
            case MOST_CONFIDENT -> -votes.criterion().margin(logits, batch.label(row), batch.index(row));
        };
        scoreboards[row].offer(point, distance, rank);
        return true;
    }
}
