package dev.racnn.cli.options;

import dev.racnn.Spelling;
import dev.racnn.candidates.SavedIndexes;
import dev.racnn.opensearch.OpenSearchEngine;
import dev.racnn.opensearch.OpenSearchSettings;
import dev.racnn.retrieval.DefaultEngine;
import dev.racnn.retrieval.EngineSpec;
import dev.racnn.retrieval.EngineSpecText;
import dev.racnn.retrieval.Keys;
import dev.racnn.retrieval.RetrievalEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Understands a retrieval engine given as text: one in this process, or an index of a cluster. */
public final class EngineChoice {
    private static final String CLUSTER =
            OpenSearchSettings.SCHEME.substring(0, OpenSearchSettings.SCHEME.length() - 1);

    private EngineChoice() {}

    /** Understands the argument {@code ENGINE} of every command that has one. */
    public static final class Converter implements ITypeConverter<String> {
        Converter() {}

        @Override
        public String convert(String value) {
            return converted(value, List.of());
        }
    }

    /** The same where libtorch is an engine too. */
    public static final class ConverterWithLibtorch implements ITypeConverter<String> {
        ConverterWithLibtorch() {}

        @Override
        public String convert(String value) {
            return value.equals(LibtorchSearch.NAME) ? value : converted(value, List.of(LibtorchSearch.NAME));
        }
    }

    /**
     * Opens the index that was saved for an engine with the candidate set, builds it in memory if there is none, or
     * connects to the cluster that holds it.
     *
     * @param text such as {@code auto}, {@code exact}, {@code hnsw:m=16} or {@code opensearch:http://127.0.0.1:9200/racnn}
     * @throws IllegalArgumentException if the engine or a setting is unknown
     * @throws UncheckedIOException if the index is damaged or holds other keys
     */
    public static RetrievalEngine build(String text, Keys keys, int threads) {
        return isInCluster(text)
                ? connect(text, keys)
                : SavedIndexes.openOrBuild(DefaultEngine.parse(text, keys), keys, threads);
    }

    /**
     * Whether an engine finds the true neighbours by construction, for any keys.
     *
     * @throws IllegalArgumentException if the engine or a setting is unknown
     */
    public static boolean isExact(String text) {
        return !text.equals(DefaultEngine.AUTO)
                && !isInCluster(text)
                && EngineSpec.parse(text) instanceof EngineSpec.Exact;
    }

    /** Whether a text means an index of a cluster. */
    public static boolean isInCluster(String text) {
        return text.startsWith(OpenSearchSettings.SCHEME);
    }

    /** The text with settings that are the default left out. */
    private static String converted(String text, List<String> more) {
        try {
            if (isInCluster(text)) {
                OpenSearchSettings.parse(text, System.getenv());
                return text;
            }
            List<String> known = new ArrayList<>(EngineSpecText.names());
            known.addAll(List.of(DefaultEngine.AUTO, CLUSTER));
            known.addAll(more);
            int colon = text.indexOf(':');
            String name = colon < 0 ? text : text.substring(0, colon);
            if (!known.contains(name.strip())) {
                throw new IllegalArgumentException("unknown retrieval engine '%s'; known are %s%s"
                        .formatted(name, String.join(", ", known), Spelling.suggestion(name, known)));
            }
            if (name.strip().equals(CLUSTER)) {
                throw new IllegalArgumentException("an opensearch engine must be given as %s, but is '%s'"
                        .formatted(OpenSearchSettings.FORM, text));
            }
            return text.equals(DefaultEngine.AUTO)
                    ? text
                    : EngineSpec.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static RetrievalEngine connect(String text, Keys keys) {
        try {
            return OpenSearchEngine.open(OpenSearchSettings.parse(text, System.getenv()), keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
