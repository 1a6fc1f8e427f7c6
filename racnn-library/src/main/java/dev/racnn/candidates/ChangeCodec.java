package dev.racnn.candidates;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The bytes of changes in the log: for each a kind, the candidate id, and what the kind needs; big-endian. */
record ChangeCodec(CandidateLayout layout) {
    private static final byte ADD = 1;
    private static final byte REMOVE = 2;
    private static final byte RELABEL = 3;

    byte[] encode(List<Change> changes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(changes.size());
        for (Change change : changes) {
            switch (change) {
                case Change.Add(Candidate candidate) -> {
                    out.writeByte(ADD);
                    writeCandidate(out, candidate);
                }
                case Change.Remove(long id) -> {
                    out.writeByte(REMOVE);
                    out.writeLong(id);
                }
                case Change.Relabel(long id, int label) -> {
                    out.writeByte(RELABEL);
                    out.writeLong(id);
                    out.writeInt(label);
                }
            }
        }
        return bytes.toByteArray();
    }

    List<Change> decode(byte[] content) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        int count = in.readInt();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte kind = in.readByte();
            changes.add(
                    switch (kind) {
                        case ADD -> new Change.Add(readCandidate(in));
                        case REMOVE -> new Change.Remove(in.readLong());
                        case RELABEL -> new Change.Relabel(in.readLong(), in.readInt());
                        default ->
                            throw new IOException("change log holds a change of unknown kind " + kind
                                    + "; it was written by a newer version of this program");
                    });
        }
        return changes;
    }

    private static void writeCandidate(DataOutputStream out, Candidate candidate) throws IOException {
        out.writeLong(candidate.id());
        out.writeInt(candidate.label());
        writeFloats(out, candidate.key());
        writeFloats(out, candidate.feature());
        out.write(candidate.thumbnail());
        out.writeInt(candidate.tags().size());
        for (String tag : candidate.tags()) {
            out.writeUTF(tag);
        }
    }

    private Candidate readCandidate(DataInputStream in) throws IOException {
        long id = in.readLong();
        int label = in.readInt();
        float[] key = readFloats(in, layout.keyDimension());
        float[] feature = readFloats(in, layout.featureDimension());
        byte[] thumbnail = new byte[layout.thumbnailBytes()];
        in.readFully(thumbnail);
        Set<String> tags = new LinkedHashSet<>();
        for (int remaining = in.readInt(); remaining > 0; remaining--) {
            tags.add(in.readUTF());
        }
        return new Candidate(id, label, key, feature, thumbnail, tags);
    }

    private static void writeFloats(DataOutputStream out, float[] values) throws IOException {
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static float[] readFloats(DataInputStream in, int count) throws IOException {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }
}
