package dev.racnn.retrieval;

import dev.racnn.files.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FilteredDocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/**
 * Search of a navigable small-world graph that Lucene builds and keeps, its keys memory-mapped, in one segment: several
 * would each be searched in full. {@link GraphWalk} walks the graph; where a filter leaves less than half of what it finds,
 * Lucene does, which knows how to get along when few nodes are accepted.
 */
final class HnswSearch implements RowSearch {
    private static final String KEY = "key";
    private static final String ROW = "row";

    /** Rows more than k that are ranked exactly, so that roundings in the graph's distances do not matter. */
    private static final int SPARE = 4;

    private static final double BYTES_PER_MEGABYTE = 1 << 20;

    private final Path folder;
    private final @Nullable TemporaryFolder temporary;
    private final Hnsw settings;
    private final Directory directory;
    private final DirectoryReader reader;
    private final LeafReader segment;
    private final int[] rows;
    private final FlatVectorsReader vectors;
    private final GraphLinks links;
    private final EntryPoints entryPoints;
    private final ConcurrentLinkedQueue<GraphWalk> idleWalks = new ConcurrentLinkedQueue<>();

    private HnswSearch(Path folder, @Nullable TemporaryFolder temporary, Hnsw settings) throws IOException {
        this.folder = folder;
        this.temporary = temporary;
        this.settings = settings;
        this.directory = new MMapDirectory(folder);
        this.reader = DirectoryReader.open(directory);
        this.segment = reader.leaves().getFirst().reader();
        this.rows = new int[segment.maxDoc()];
        NumericDocValues values = segment.getNumericDocValues(ROW);
        for (int document = values.nextDoc(); document < rows.length; document = values.nextDoc()) {
            rows[document] = Math.toIntExact(values.longValue());
        }
        if (!(segment instanceof CodecReader codec
                && codec.getVectorReader() instanceof PerFieldKnnVectorsFormat.FieldsReader fields
                && fields.getFieldReader(KEY) instanceof Lucene99HnswVectorsReader graphs)) {
            throw new IOException("index %s holds no graph of keys; build the index again".formatted(folder));
        }
        this.vectors = graphs.getFlatVectorsReader();
        this.links = GraphLinks.of(graphs.getGraph(KEY));
        this.entryPoints = EntryPoints.of(vectors.getFloatVectorValues(KEY));
    }

    /** @param folder an empty folder for the graph's files, or null for one that goes when the search is closed */
    static HnswSearch build(KeySource source, Hnsw settings, @Nullable Path folder, Workers workers)
            throws IOException {
        if (folder != null) {
            write(source, settings, folder, workers);
            return open(folder, settings);
        }
        TemporaryFolder temporary = TemporaryFolder.create(Path.of(System.getProperty("java.io.tmpdir")), "racnn-hnsw");
        try {
            write(source, settings, temporary.path(), workers);
            return new HnswSearch(temporary.path(), temporary, settings);
        } catch (IOException | RuntimeException e) {
            temporary.close();
            throw e;
        }
    }

    static HnswSearch open(Path folder, Hnsw settings) throws IOException {
        return new HnswSearch(folder, null, settings);
    }

    @Override
    public int wanted(int k, boolean projected) {
        return projected ? Math.max(k, settings.approximation().shortlist()) : k + SPARE;
    }

    @Override
    public int[][] search(float[] queries, int count, int wanted, IntPredicate accepted, Workers workers) {
        int dimension = count == 0 ? 0 : queries.length / count;
        int breadth =
                Math.min(rows.length, Math.max(wanted, settings.approximation().shortlist()));
        int[][] found = new int[count][];
        workers.forEach(count, query -> {
            float[] key = Arrays.copyOfRange(queries, query * dimension, (query + 1) * dimension);
            try {
                found[query] = search(key, breadth, wanted, accepted);
            } catch (IOException e) {
                throw new UncheckedIOException("index " + folder + " could not be searched", e);
            }
        });
        return found;
    }

    private int[] search(float[] key, int breadth, int wanted, IntPredicate accepted) throws IOException {
        // Lucene keeps no graph of a few keys only.
        if (links.nodes() > 0) {
            int[] found = walk(key, breadth);
            int[] kept = Arrays.stream(found).filter(accepted).toArray();
            if (2 * kept.length >= found.length && kept.length >= Math.min(wanted, found.length)) {
                return kept.length <= wanted ? kept : Arrays.copyOf(kept, wanted);
            }
        }
        return searchAccepted(key, breadth, wanted, accepted);
    }

    /** Rows near a key, nearest first, without a filter. */
    private int[] walk(float[] key, int breadth) throws IOException {
        GraphWalk walk = idleWalks.poll();
        if (walk == null) {
            walk = new GraphWalk(links);
        }
        int[] found = walk.search(vectors.getRandomVectorScorer(KEY, key), entryPoints.nearest(key), breadth);
        for (int i = 0; i < found.length; i++) {
            // Every document has a key, so the number of a node is that of its document.
            found[i] = rows[found[i]];
        }
        idleWalks.add(walk);
        return found;
    }

    private int[] searchAccepted(float[] key, int breadth, int wanted, IntPredicate accepted) throws IOException {
        // A filter that leaves little is searched faster row by row than along a graph of which it hides most.
        TopKnnCollector collector = new TopKnnCollector(breadth, Math.max(1000, rows.length / 2));
        segment.searchNearestVectors(KEY, key, collector, new AcceptedDocuments(rows, accepted));
        ScoreDoc[] nearest = collector.earlyTerminated() ? new ScoreDoc[0] : collector.topDocs().scoreDocs;
        int[] proposed = new int[Math.min(wanted, nearest.length)];
        Arrays.setAll(proposed, i -> rows[nearest[i].doc]);
        return proposed;
    }

    @Override
    public void save(IndexFolder.Writer files) throws IOException {
        for (String name : directory.listAll()) {
            files.present(name);
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
            directory.close();
            if (temporary != null) {
                temporary.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("index " + folder + " could not be closed", e);
        }
    }

    private static void write(KeySource source, Hnsw settings, Path folder, Workers workers) throws IOException {
        double heap = Runtime.getRuntime().maxMemory() / BYTES_PER_MEGABYTE;
        IndexWriterConfig config = new IndexWriterConfig()
                .setCodec(new HnswCodec(settings.m(), settings.build(), workers))
                .setMergePolicy(new LogDocMergePolicy())
                .setMergeScheduler(new SerialMergeScheduler())
                .setRAMBufferSizeMB(Math.min(1024, heap / 4))
                .setUseCompoundFile(false);
        try (Directory directory = new MMapDirectory(folder);
                IndexWriter writer = new IndexWriter(directory, config)) {
            int dimension = source.dimension();
            source.forEachBlock(workers, (first, count, block) -> {
                for (int i = 0; i < count; i++) {
                    float[] key = Arrays.copyOfRange(block, i * dimension, (i + 1) * dimension);
                    Document document = new Document();
                    document.add(new KnnFloatVectorField(KEY, key, VectorSimilarityFunction.EUCLIDEAN));
                    document.add(new NumericDocValuesField(ROW, first + i));
                    writer.addDocument(document);
                }
            });
            writer.forceMerge(1);
            writer.commit();
        }
        // The writer's lock is of no use to readers and would only be one more file to check.
        try (Stream<Path> files = Files.list(folder)) {
            for (Path lock : files.filter(file -> file.endsWith(IndexWriter.WRITE_LOCK_NAME))
                    .toList()) {
                Files.delete(lock);
            }
        }
    }

    /** The documents that a filter on rows accepts; how many is estimated from a sample. */
    private static final class AcceptedDocuments extends AcceptDocs implements Bits {
        private static final int SAMPLE = 512;

        private final int[] rows;
        private final IntPredicate accepted;

        AcceptedDocuments(int[] rows, IntPredicate accepted) {
            this.rows = rows;
            this.accepted = accepted;
        }

        @Override
        public Bits bits() {
            return this;
        }

        @Override
        public DocIdSetIterator iterator() {
            return new FilteredDocIdSetIterator(DocIdSetIterator.all(rows.length)) {
                @Override
                protected boolean match(int document) {
                    return get(document);
                }
            };
        }

        @Override
        public int cost() {
            int sampled = Math.min(SAMPLE, rows.length);
            int hits = 0;
            for (int i = 0; i < sampled; i++) {
                if (get((int) ((long) rows.length * i / sampled))) {
                    hits++;
                }
            }
            return (int) ((long) rows.length * Math.max(1, hits) / sampled);
        }

        @Override
        public boolean get(int document) {
            return accepted.test(rows[document]);
        }

        @Override
        public int length() {
            return rows.length;
        }
    }
}
