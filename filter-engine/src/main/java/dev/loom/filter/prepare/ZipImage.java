package dev.loom.filter.prepare;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * An archive in memory (mapped or not), and copies of it in which the content of some entries is another. Everything else comes out as it
 * went in: order, times, attributes, comments, extra fields, a script in front of the archive, and how each entry is packed, to the byte.
 * Not thread-safe.
 */
final class ZipImage {

    private static final int LOCAL_SIZE = 30;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int CENTRAL_SIZE = 46;
    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int END_SIZE = 22;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END64_SIZE = 56;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int LOCATOR_SIZE = 20;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int HAS_DESCRIPTOR = 8;
    private static final int ENCRYPTED = 1;
    /** Tag of the extra field with sizes that do not fit elsewhere. */
    private static final int ZIP64_FIELD = 1;
    /** Content of an entry that is unpacked, bytes. */
    private static final int MOST = 1 << 30;

    private final String name;
    private final ByteBuffer bytes;
    private final List<Entry> entries = new ArrayList<>();
    private final int directory;
    private final int end;
    private final boolean is64;
    /** Where offset 0 of the archive is. */
    private final int base;

    /** @param central where it begins in the central directory; {@code local}: where its own header begins */
    record Entry(String name, int central, int centralSize, int local, int flags, int method, int packed, int size) {

        boolean isPlain() {
            return (flags & ENCRYPTED) == 0 && (method == STORED || method == DEFLATED);
        }

        boolean isStored() {
            return method == STORED;
        }
    }

    /**
     * Reads the directory of an archive.
     *
     * @param name for messages
     * @throws IOException if it is none, or damaged
     */
    ZipImage(String name, ByteBuffer archive) throws IOException {
        this.name = name;
        bytes = archive.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        end = findEnd();
        long count = bytes.getShort(end + 10) & 0xFFFF;
        long size = bytes.getInt(end + 12) & 0xFFFFFFFFL;
        long offset = bytes.getInt(end + 16) & 0xFFFFFFFFL;
        int directoryEnd = end;
        int end64 = end64();
        is64 = end64 >= 0;
        if (is64) {
            count = bytes.getLong(end64 + 32);
            size = bytes.getLong(end64 + 40);
            offset = bytes.getLong(end64 + 48);
            directoryEnd = end64;
        }
        if (size < 0 || offset < 0 || size > directoryEnd || directoryEnd - size - offset < 0) {
            throw damaged();
        }
        directory = (int) (directoryEnd - size);
        base = (int) (directoryEnd - size - offset);
        int at = directory;
        for (long i = 0; i < count; i++) {
            Entry entry = entry(at, directoryEnd);
            entries.add(entry);
            at += entry.centralSize();
        }
    }

    private int findEnd() throws IOException {
        int last = bytes.limit() - END_SIZE;
        for (int at = last; at >= Math.max(0, last - 0xFFFF); at--) {
            if (bytes.getInt(at) == END_SIGNATURE && at + END_SIZE + (bytes.getShort(at + 20) & 0xFFFF) <= bytes.limit()) {
                return at;
            }
        }
        throw new IOException(name + " is not a jar");
    }

    private int end64() throws IOException {
        int locator = end - LOCATOR_SIZE;
        if (locator < END64_SIZE || bytes.getInt(locator) != LOCATOR_SIGNATURE) {
            return -1;
        }
        int at = locator - END64_SIZE;
        if (bytes.getInt(at) != END64_SIGNATURE) {
            throw damaged();
        }
        return at;
    }

    private Entry entry(int at, int limit) throws IOException {
        if (at + CENTRAL_SIZE > limit || bytes.getInt(at) != CENTRAL_SIGNATURE) {
            throw damaged();
        }
        int nameLength = bytes.getShort(at + 28) & 0xFFFF;
        int whole = CENTRAL_SIZE + nameLength + (bytes.getShort(at + 30) & 0xFFFF) + (bytes.getShort(at + 32) & 0xFFFF);
        int packed = bytes.getInt(at + 20);
        int size = bytes.getInt(at + 24);
        long local = (bytes.getInt(at + 42) & 0xFFFFFFFFL) + base;
        if (packed == -1 || size == -1 || local - base == 0xFFFFFFFFL) {
            throw new IOException(name + " has entries in the format for more than 4 GiB, which is not supported");
        }
        if (at + whole > limit || packed < 0 || size < 0 || local + LOCAL_SIZE > directory
                || bytes.getInt((int) local) != LOCAL_SIGNATURE) {
            throw damaged();
        }
        return new Entry(
                text(at + CENTRAL_SIZE, nameLength), at, whole, (int) local, bytes.getShort(at + 8) & 0xFFFF,
                bytes.getShort(at + 10) & 0xFFFF, packed, size);
    }

    private String text(int at, int length) {
        byte[] text = new byte[length];
        bytes.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private IOException damaged() {
        return new IOException(name + " is a damaged jar");
    }

    /** In the order of the directory. */
    List<Entry> entries() {
        return entries;
    }

    /** The packed bytes of an entry. */
    private ByteBuffer packed(Entry entry) throws IOException {
        int data = data(entry);
        if (data + (long) entry.packed() > directory) {
            throw damaged();
        }
        return bytes.slice(data, entry.packed());
    }

    private int data(Entry entry) {
        return entry.local() + LOCAL_SIZE + (bytes.getShort(entry.local() + 26) & 0xFFFF) + (bytes.getShort(entry.local() + 28) & 0xFFFF);
    }

    /** The content of an entry that {@linkplain Entry#isPlain is plain}. */
    ByteBuffer content(Entry entry) throws IOException {
        ByteBuffer packed = packed(entry);
        if (entry.isStored()) {
            return packed;
        }
        if (entry.size() > MOST) {
            throw new IOException(entry.name() + " in " + name + " is too large: " + entry.size() + " bytes");
        }
        byte[] content = new byte[entry.size()];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            int done = 0;
            while (done < content.length) {
                int more = inflater.inflate(content, done, content.length - done);
                if (more == 0) {
                    throw damaged();
                }
                done += more;
            }
        } catch (DataFormatException e) {
            throw damaged();
        } finally {
            inflater.end();
        }
        return ByteBuffer.wrap(content);
    }

    /**
     * What is different in a copy.
     *
     * @param contents new contents of entries, by their place in the directory
     * @param dropped places of entries that are left out
     * @param added entries that come last, by name
     */
    record Changes(Map<Integer, byte[]> contents, Set<Integer> dropped, Map<String, byte[]> added) {
        boolean isEmpty() {
            return contents.isEmpty() && dropped.isEmpty() && added.isEmpty();
        }
    }

    /** Writes the archive with changes. */
    void write(OutputStream out, Changes changes) throws IOException {
        new Copy(out, changes).write();
    }

    /** One copy that is being written. */
    private final class Copy {

        private final OutputStream out;
        private final Changes changes;
        private final byte[] chunk = new byte[1 << 16];
        private long written;
        /** New entries of the directory, by their place in it. */
        private final Map<Integer, ByteBuffer> central = new TreeMap<>();

        Copy(OutputStream out, Changes changes) {
            this.out = out;
            this.changes = changes;
        }

        void write() throws IOException {
            List<Integer> inOrder = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                inOrder.add(i);
            }
            inOrder.sort(Comparator.comparingInt(i -> entries.get(i).local()));
            put(0, inOrder.isEmpty() ? directory : entries.get(inOrder.get(0)).local());
            for (int n = 0; n < inOrder.size(); n++) {
                int next = n + 1 < inOrder.size() ? entries.get(inOrder.get(n + 1)).local() : directory;
                write(inOrder.get(n), next);
            }
            int place = entries.size();
            for (Map.Entry<String, byte[]> one : changes.added().entrySet()) {
                add(place++, one.getKey(), one.getValue());
            }
            writeEnd();
        }

        private void write(int place, int next) throws IOException {
            Entry entry = entries.get(place);
            if (changes.dropped().contains(place)) {
                return;
            }
            ByteBuffer listed = ByteBuffer.allocate(entry.centralSize()).order(ByteOrder.LITTLE_ENDIAN);
            listed.put(bytes.slice(entry.central(), entry.centralSize())).flip();
            listed.putInt(42, offset());
            central.put(place, listed);
            byte[] content = changes.contents().get(place);
            if (content == null) {
                put(entry.local(), next);
                return;
            }
            byte[] packed = entry.isStored() ? content : deflated(content);
            ByteBuffer local = local(entry);
            for (ByteBuffer header : List.of(local, listed)) {
                int at = header == local ? 6 : 8;
                header.putShort(at, (short) (header.getShort(at) & ~HAS_DESCRIPTOR));
                sizes(header, header == local ? 14 : 16, content, packed);
            }
            put(local.array());
            put(packed);
        }

        /** The header of an entry, without what tells sizes at another place. */
        private ByteBuffer local(Entry entry) {
            int nameLength = bytes.getShort(entry.local() + 26) & 0xFFFF;
            ByteBuffer whole = ByteBuffer.allocate(data(entry) - entry.local()).order(ByteOrder.LITTLE_ENDIAN);
            whole.put(bytes.slice(entry.local(), LOCAL_SIZE + nameLength));
            int at = entry.local() + LOCAL_SIZE + nameLength;
            while (at + 4 <= data(entry)) {
                int size = 4 + (bytes.getShort(at + 2) & 0xFFFF);
                if (at + size > data(entry)) {
                    break;
                }
                if (bytes.getShort(at) != ZIP64_FIELD) {
                    whole.put(bytes.slice(at, size));
                }
                at += size;
            }
            whole.putShort(28, (short) (whole.position() - LOCAL_SIZE - nameLength));
            ByteBuffer exactly = ByteBuffer.allocate(whole.position()).order(ByteOrder.LITTLE_ENDIAN);
            exactly.put(whole.flip());
            return exactly;
        }

        private void add(int place, String entry, byte[] content) throws IOException {
            byte[] text = entry.getBytes(StandardCharsets.UTF_8);
            byte[] packed = deflated(content);
            ByteBuffer listed = ByteBuffer.allocate(CENTRAL_SIZE + text.length).order(ByteOrder.LITTLE_ENDIAN);
            listed.putInt(0, CENTRAL_SIGNATURE).putShort(4, (short) 20).putShort(6, (short) 20).putShort(10, (short) DEFLATED);
            // as old as the first entry: the same input gives the same bytes
            listed.putInt(12, entries.isEmpty() ? 0 : bytes.getInt(entries.get(0).central() + 12));
            sizes(listed, 16, content, packed);
            listed.putShort(28, (short) text.length).putInt(42, offset()).put(CENTRAL_SIZE, text);
            central.put(place, listed);
            ByteBuffer local = ByteBuffer.allocate(LOCAL_SIZE + text.length).order(ByteOrder.LITTLE_ENDIAN);
            local.putInt(0, LOCAL_SIGNATURE).putShort(4, (short) 20).putShort(8, (short) DEFLATED).putInt(10, listed.getInt(12));
            sizes(local, 14, content, packed);
            local.putShort(26, (short) text.length).put(LOCAL_SIZE, text);
            put(local.array());
            put(packed);
        }

        private int offset() {
            return (int) (written - base);
        }

        private void sizes(ByteBuffer header, int at, byte[] content, byte[] packed) {
            CRC32 sum = new CRC32();
            sum.update(content);
            header.putInt(at, (int) sum.getValue()).putInt(at + 4, packed.length).putInt(at + 8, content.length);
        }

        private void writeEnd() throws IOException {
            long start = written;
            for (ByteBuffer one : central.values()) {
                put(one.array());
            }
            long size = written - start;
            int count = central.size();
            boolean needs64 = is64 || count >= 0xFFFF;
            if (written > Integer.MAX_VALUE) {
                throw new IOException(name + " would be larger than 2 GiB, which is not supported");
            }
            if (needs64) {
                ByteBuffer end64 = ByteBuffer.allocate(END64_SIZE + LOCATOR_SIZE).order(ByteOrder.LITTLE_ENDIAN);
                end64.putInt(0, END64_SIGNATURE).putLong(4, END64_SIZE - 12).putShort(12, (short) 45).putShort(14, (short) 45);
                end64.putLong(24, count).putLong(32, count).putLong(40, size).putLong(48, start - base);
                end64.putInt(END64_SIZE, LOCATOR_SIGNATURE).putLong(END64_SIZE + 8, written - base).putInt(END64_SIZE + 16, 1);
                put(end64.array());
            }
            ByteBuffer last = ByteBuffer.allocate(bytes.limit() - end).order(ByteOrder.LITTLE_ENDIAN);
            last.put(bytes.slice(end, bytes.limit() - end)).flip();
            boolean fits = count < 0xFFFF;
            last.putShort(8, (short) (fits ? count : 0xFFFF)).putShort(10, (short) (fits ? count : 0xFFFF));
            last.putInt(12, (int) size).putInt(16, (int) (start - base));
            put(last.array());
        }

        private void put(byte[] some) throws IOException {
            out.write(some);
            written += some.length;
        }

        private void put(int from, int to) throws IOException {
            for (int at = from; at < to; ) {
                int size = Math.min(chunk.length, to - at);
                bytes.get(at, chunk, 0, size);
                out.write(chunk, 0, size);
                at += size;
            }
            written += Math.max(0, to - from);
        }
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream(content.length / 2 + 64);
            byte[] chunk = new byte[8192];
            while (!deflater.finished()) {
                packed.write(chunk, 0, deflater.deflate(chunk));
            }
            return packed.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
