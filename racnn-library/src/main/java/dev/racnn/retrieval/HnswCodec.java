package dev.racnn.retrieval;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/** Lucene's own formats with chosen graph settings, and without its limit of 1,024 dimensions. */
final class HnswCodec extends Lucene104Codec {
    private static final int MOST_DIMENSIONS = 65_536;

    private final KnnVectorsFormat format;

    /** @param workers whose threads merge graphs, while the index is written */
    HnswCodec(int m, int build, Workers workers) {
        this.format = new WideFormat(
                workers.threads() == 1
                        ? new Lucene99HnswVectorsFormat(m, build)
                        : new Lucene99HnswVectorsFormat(m, build, workers.threads(), workers.executor()));
    }

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
    }

    /** Has the name of the format that it stands for: readers open that one. */
    private static final class WideFormat extends KnnVectorsFormat {
        private final KnnVectorsFormat format;

        WideFormat(KnnVectorsFormat format) {
            super(format.getName());
            this.format = format;
        }

        @Override
        public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
            return format.fieldsWriter(state);
        }

        @Override
        public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
            return format.fieldsReader(state);
        }

        @Override
        public int getMaxDimensions(String fieldName) {
            return MOST_DIMENSIONS;
        }
    }
}
