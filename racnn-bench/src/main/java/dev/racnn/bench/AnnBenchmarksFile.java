package dev.racnn.bench;

import dev.racnn.retrieval.ArrayKeys;
import dev.racnn.retrieval.Neighbours;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of ann-benchmarks (Aumüller, Bernhardsson and Faithfull, "ANN-Benchmarks", 2020): HDF5 with the datasets
 * {@code train} (the keys), {@code test} (the queries), and {@code neighbors} and {@code distances} (the true neighbours
 * of the queries, nearest first). Vectors of a file with angular distance are scaled to length 1, where squared Euclidean
 * distance is twice the angular one and the order is the same.
 *
 * @param queries row-major [n, dimension]
 * @param truth the true neighbours of the queries as the file gives them, or null if it gives none
 */
public record AnnBenchmarksFile(
        ArrayKeys keys, float[] queries, @Nullable Neighbours truth) {
    private static final String ANGULAR = "angular";
    private static final String EUCLIDEAN = "euclidean";
    private static final double ROUNDING = 1e-3;

    /** Whether a file is one of these, by its name. */
    public static boolean isOne(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".hdf5") || name.endsWith(".h5");
    }

    /**
     * Reads the keys and the first queries of a file.
     *
     * @throws IOException if the file is missing, damaged, its distance is neither Euclidean nor angular, or a vector has no angle
     */
    public static AnnBenchmarksFile read(Path file, int mostQueries) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try (HdfFile content = new HdfFile(file)) {
            Attribute attribute = content.getAttribute("distance");
            String distance = attribute == null ? EUCLIDEAN : String.valueOf(attribute.getData());
            if (!distance.equals(EUCLIDEAN) && !distance.equals(ANGULAR)) {
                throw new IOException(
                        "%s must have distance %s or %s, but has %s".formatted(file, EUCLIDEAN, ANGULAR, distance));
            }
            boolean angular = distance.equals(ANGULAR);
            Matrix train = Matrix.read(file, content, "train");
            Matrix test = Matrix.read(file, content, "test");
            if (test.columns != train.columns) {
                throw new IOException("%s is damaged: dataset test has vectors of dimension %s, dataset train of %s"
                        .formatted(file, test.columns, train.columns));
            }
            int dimension = train.columns;
            float[] keys = train.floats();
            float[] queries = Arrays.copyOf(test.floats(), Math.min(mostQueries, test.rows) * dimension);
            int count = queries.length / dimension;
            Neighbours truth = content.getChildren().containsKey("neighbors")
                    ? truth(file, content, count, train.rows, angular)
                    : null;
            if (angular) {
                int[] zeroKeys = scale(keys, dimension);
                int[] zeroQueries = scale(queries, dimension);
                if (zeroQueries.length > 0) {
                    throw withoutAngle(file, "test", zeroQueries[0], "all keys are equally far from it");
                }
                if (zeroKeys.length > 0) {
                    requireUsual(file, truth, zeroKeys);
                    keys = lift(keys, dimension, zeroKeys);
                    queries = lift(queries, dimension);
                    dimension++;
                }
            }
            return new AnnBenchmarksFile(ArrayKeys.numbered(keys, dimension), queries, truth);
        } catch (HdfException e) {
            throw new IOException("%s cannot be read as HDF5: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static Neighbours truth(Path file, HdfFile content, int queries, int keys, boolean angular)
            throws IOException {
        Matrix neighbours = Matrix.read(file, content, "neighbors");
        Matrix distances = Matrix.read(file, content, "distances");
        int k = neighbours.columns;
        if (distances.columns != k || neighbours.rows < queries || distances.rows < queries) {
            throw new IOException(
                    "%s is damaged: datasets neighbors [%s, %s] and distances [%s, %s] do not fit %s queries"
                            .formatted(file, neighbours.rows, k, distances.rows, distances.columns, queries));
        }
        long[] ids = Arrays.copyOf(neighbours.longs(), queries * k);
        float[] squaredDistances = Arrays.copyOf(distances.floats(), ids.length);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= keys) {
                throw new IOException("%s is damaged: dataset neighbors names key %s, but there are %s keys"
                        .formatted(file, ids[i], keys));
            }
            squaredDistances[i] *= angular ? 2 : squaredDistances[i];
        }
        return new Neighbours(queries, k, ids, squaredDistances);
    }

    /**
     * Vectors with one number more, 0 except in those of length 0, which have a 1 there. A vector of length 0 has no angle, and the
     * cosine that it has with all others is taken for 0: an angular distance of 1, which no place in the space of the others has.
     */
    private static float[] lift(float[] vectors, int dimension, int... zeros) {
        int wide = dimension + 1;
        float[] lifted = new float[vectors.length / dimension * wide];
        for (int row = 0; row < vectors.length / dimension; row++) {
            System.arraycopy(vectors, row * dimension, lifted, row * wide, dimension);
        }
        for (int row : zeros) {
            lifted[row * wide + dimension] = 1;
        }
        return lifted;
    }

    /** Checks that the file, where it speaks of keys of length 0, gives them the distance 1 too. */
    private static void requireUsual(Path file, @Nullable Neighbours truth, int... zeroKeys) throws IOException {
        for (int query = 0; truth != null && query < truth.queries(); query++) {
            for (int rank = 0; rank < truth.k(); rank++) {
                float distance = truth.squaredDistance(query, rank) / 2;
                int row = Math.toIntExact(truth.id(query, rank));
                if (Arrays.binarySearch(zeroKeys, row) >= 0 && !(Math.abs(distance - 1) < ROUNDING)) {
                    throw withoutAngle(file, "train", row, "the file states its distance as " + distance);
                }
            }
        }
    }

    private static IOException withoutAngle(Path file, String dataset, int row, String what) {
        return new IOException(
                "row %s of dataset %s of %s is a vector of length 0, which has no angle, and %s; take it out"
                        .formatted(row, dataset, file, what));
    }

    /** Scales vectors to length 1, and returns the rows of those of length 0, which stay. */
    private static int[] scale(float[] vectors, int dimension) {
        IntStream.Builder zeros = IntStream.builder();
        for (int from = 0; from < vectors.length; from += dimension) {
            double squaredNorm = 0;
            for (int i = from; i < from + dimension; i++) {
                squaredNorm += (double) vectors[i] * vectors[i];
            }
            if (squaredNorm == 0) {
                zeros.add(from / dimension);
                continue;
            }
            double scale = 1 / Math.sqrt(squaredNorm);
            for (int i = from; i < from + dimension; i++) {
                vectors[i] = (float) (vectors[i] * scale);
            }
        }
        return zeros.build().toArray();
    }

    /** A two-dimensional dataset; {@code flat} is an array of primitive numbers, row-major. */
    private record Matrix(int rows, int columns, Object flat) {
        static Matrix read(Path file, HdfFile content, String name) throws IOException {
            if (!(content.getChildren().get(name) instanceof Dataset dataset)) {
                throw new IOException("%s must hold a dataset %s, as files of ann-benchmarks do, but holds %s"
                        .formatted(file, name, content.getChildren().keySet()));
            }
            int[] shape = dataset.getDimensions();
            if (shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
                throw new IOException("dataset %s of %s must be two-dimensional and not empty, but has shape %s"
                        .formatted(name, file, Arrays.toString(shape)));
            }
            Object flat = dataset.getDataFlat();
            if (!(flat instanceof float[]
                    || flat instanceof double[]
                    || flat instanceof int[]
                    || flat instanceof long[])) {
                throw new IOException("dataset %s of %s must hold numbers of 32 or 64 bits, but holds %s"
                        .formatted(name, file, dataset.getJavaType().getSimpleName()));
            }
            return new Matrix(shape[0], shape[1], flat);
        }

        float[] floats() {
            if (flat instanceof float[] values) {
                return values;
            }
            float[] values = new float[Array.getLength(flat)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Array.getDouble(flat, i);
            }
            return values;
        }

        long[] longs() {
            long[] values = new long[Array.getLength(flat)];
            for (int i = 0; i < values.length; i++) {
                values[i] = ((Number) Array.get(flat, i)).longValue();
            }
            return values;
        }
    }
}
