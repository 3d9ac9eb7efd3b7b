package dev.loom.filter.classes;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive in a stretch of a file. The JDK opens whole files only, and a nested jar of a Spring Boot application is a
 * stretch of another; reading it in place needs neither memory nor a copy. Goes through the central directory and, on demand,
 * reads one entry. Keeps neither.
 */
final class ZipArchive {

    /** Entries of an archive, at most: far above any application, and a bound on what a broken file can cost. */
    private static final int MAX_ENTRIES = 2_000_000;

    /** Largest central directory, bytes. */
    private static final int MAX_DIRECTORY = 512 << 20;

    private static final int END_SIZE = 22;
    private static final int END_MAX = END_SIZE + 0xFFFF;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END64_LOCATOR_SIZE = 20;
    private static final int END64_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END64_SIZE = 56;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int ENTRY_SIZE = 46;
    private static final int LOCAL_SIZE = 30;
    private static final int LOCAL_SIGNATURE = 0x04034b50;

    /** Bytes read at once. */
    private static final int CHUNK = 1 << 18;

    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private final String name;
    private final FileChannel file;
    private final long start;
    private final long length;

    /** Where offset 0 of the archive is; not {@link #start} where a script stands in front of it. */
    private long base;

    /** Where the central directory begins in the file. */
    private long directory;

    /** Where the zip64 end record is, if there is one. */
    private long end64At;

    /**
     * @param name for messages
     * @param start offset of the archive in the file
     * @param length its length, bytes
     */
    ZipArchive(String name, FileChannel file, long start, long length) {
        this.name = name;
        this.file = file;
        this.start = start;
        this.length = length;
    }

    /** One entry; the offset is that of its local header, from the start of the archive. */
    record Entry(String name, int method, long compressedSize, long size, long offset) {

        boolean isStored() {
            return method == STORED;
        }
    }

    /** Is told of each entry of the central directory. */
    interface Visitor {

        /**
         * An entry.
         *
         * @param bytes where the name stands, from {@code name} on, {@code length} bytes of UTF-8; not to be kept
         * @param at where the entry begins in the central directory
         * @param end where it ends
         */
        void entry(byte[] bytes, int name, int length, int at, int end);
    }

    /** Goes through the central directory and keeps nothing of it. */
    void scan(Visitor visitor) throws IOException {
        ByteBuffer end = end();
        long endAt = start + length - end.remaining();
        long count = Short.toUnsignedLong(end.getShort(10));
        long size = Integer.toUnsignedLong(end.getInt(12));
        long offset = Integer.toUnsignedLong(end.getInt(16));
        long directoryEnd = endAt;
        if (count == 0xFFFF || size == 0xFFFFFFFFL || offset == 0xFFFFFFFFL) {
            ByteBuffer end64 = end64(endAt);
            if (end64 != null) {
                count = end64.getLong(32);
                size = end64.getLong(40);
                offset = end64.getLong(48);
                directoryEnd = end64At;
            }
        }
        if (count < 0 || count > MAX_ENTRIES || size < 0 || size > directoryEnd - start || size > MAX_DIRECTORY) {
            throw damaged();
        }
        base = directoryEnd - size - offset;
        if (base < start) {
            throw damaged();
        }
        directory = directoryEnd - size;
        scan(read(directory, (int) size).array(), 0, count, visitor);
    }

    /** Goes through a stretch of the central directory, from one entry to the end of another. {@link #scan(Visitor)} went before. */
    void scan(int from, int to, Visitor visitor) throws IOException {
        scan(read(directory + from, to - from).array(), from, Long.MAX_VALUE, visitor);
    }

    /** Plain array accesses: this runs over every name of an application, in a JVM that has compiled nothing yet. */
    private void scan(byte[] bytes, int from, long count, Visitor visitor) throws IOException {
        int at = 0;
        for (long i = 0; i < count && (count != Long.MAX_VALUE || at < bytes.length); i++) {
            if (bytes.length - at < ENTRY_SIZE || bytes[at] != 'P' || bytes[at + 1] != 'K' || bytes[at + 2] != 1 || bytes[at + 3] != 2) {
                throw damaged();
            }
            int nameLength = twoBytes(bytes, at + 28);
            int whole = ENTRY_SIZE + nameLength + twoBytes(bytes, at + 30) + twoBytes(bytes, at + 32);
            if (bytes.length - at < whole) {
                throw damaged();
            }
            visitor.entry(bytes, at + ENTRY_SIZE, nameLength, from + at, from + at + whole);
            at += whole;
        }
    }

    private static int twoBytes(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
    }

    /** The entry that begins there in the central directory, as a scan has said. */
    Entry entry(int at) throws IOException {
        ByteBuffer head = read(directory + at, ENTRY_SIZE);
        int nameLength = Short.toUnsignedInt(head.getShort(28));
        ByteBuffer whole = read(directory + at, ENTRY_SIZE + nameLength + Short.toUnsignedInt(head.getShort(30)));
        String entryName = new String(whole.array(), ENTRY_SIZE, nameLength, StandardCharsets.UTF_8);
        return entry(entryName, whole, 0, whole.slice(ENTRY_SIZE + nameLength, whole.capacity() - ENTRY_SIZE - nameLength));
    }

    private static Entry entry(String name, ByteBuffer directory, int at, ByteBuffer extra) {
        extra.order(ByteOrder.LITTLE_ENDIAN);
        long[] values = {
            Integer.toUnsignedLong(directory.getInt(at + 24)),
            Integer.toUnsignedLong(directory.getInt(at + 20)),
            Integer.toUnsignedLong(directory.getInt(at + 42))
        };
        while (extra.remaining() >= 4) {
            int tag = Short.toUnsignedInt(extra.getShort());
            int size = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
            int next = extra.position() + size;
            if (tag == 1) { // zip64: the values that did not fit, in this order
                for (int i = 0; i < values.length; i++) {
                    if (values[i] == 0xFFFFFFFFL && next - extra.position() >= 8) {
                        values[i] = extra.getLong();
                    }
                }
            }
            extra.position(next);
        }
        return new Entry(name, Short.toUnsignedInt(directory.getShort(at + 10)), values[1], values[0], values[2]);
    }

    /** The content of an entry; must be closed. */
    InputStream open(Entry entry) throws IOException {
        InputStream raw = new Stretch(dataOffset(entry), entry.compressedSize());
        return switch (entry.method()) {
            case STORED -> raw;
            case DEFLATED -> new OwnInflater(raw);
            default -> throw new IOException(name + ": " + entry.name() + " is packed by method " + entry.method()
                    + ", which is not supported");
        };
    }

    /** The archive that an entry is; the entry must be stored, not packed. */
    ZipArchive nested(Entry entry) throws IOException {
        return new ZipArchive(name + "!/" + entry.name(), file, dataOffset(entry), entry.size());
    }

    private long dataOffset(Entry entry) throws IOException {
        ByteBuffer local = read(base + entry.offset(), LOCAL_SIZE);
        if (local.getInt(0) != LOCAL_SIGNATURE) {
            throw damaged();
        }
        long data = base + entry.offset() + LOCAL_SIZE + Short.toUnsignedInt(local.getShort(26))
                + Short.toUnsignedInt(local.getShort(28));
        if (entry.compressedSize() < 0 || data + entry.compressedSize() > start + length) {
            throw damaged();
        }
        return data;
    }

    private ByteBuffer end() throws IOException {
        if (length < END_SIZE) {
            throw new IOException(name + " is not a jar");
        }
        // most have no comment behind it
        ByteBuffer last = read(start + length - END_SIZE, END_SIZE);
        if (last.getInt(0) == END_SIGNATURE && last.getShort(20) == 0) {
            return last;
        }
        int tail = (int) Math.min(length, END_MAX);
        ByteBuffer buffer = read(start + length - tail, tail);
        for (int at = tail - END_SIZE; at >= 0; at--) {
            if (buffer.getInt(at) == END_SIGNATURE && at + END_SIZE + Short.toUnsignedInt(buffer.getShort(at + 20)) <= tail) {
                return buffer.slice(at, tail - at).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw new IOException(name + " is not a jar");
    }

    private @Nullable ByteBuffer end64(long endAt) throws IOException {
        if (endAt - start < END64_LOCATOR_SIZE + END64_SIZE) {
            return null;
        }
        ByteBuffer locator = read(endAt - END64_LOCATOR_SIZE, END64_LOCATOR_SIZE);
        if (locator.getInt(0) != END64_LOCATOR_SIGNATURE) {
            return null;
        }
        // where the locator says it is, or, behind a script, right in front of the locator
        for (long at : new long[] {start + locator.getLong(8), endAt - END64_LOCATOR_SIZE - END64_SIZE}) {
            if (at >= start && at <= endAt - END64_LOCATOR_SIZE - END64_SIZE) {
                ByteBuffer end64 = read(at, END64_SIZE);
                if (end64.getInt(0) == END64_SIGNATURE) {
                    end64At = at;
                    return end64;
                }
            }
        }
        throw damaged();
    }

    private ByteBuffer read(long at, int size) throws IOException {
        if (at < start || size < 0 || at + size > start + length) {
            throw damaged();
        }
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            // a channel copies what it reads through memory of that size outside of the heap
            buffer.limit(Math.min(size, buffer.position() + CHUNK));
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException(name + " became shorter while it was read");
            }
            buffer.limit(size);
        }
        return buffer.flip();
    }

    private IOException damaged() {
        return new IOException(name + " is a damaged jar");
    }

    /** A stretch of the file; a stream of its own place, so that several threads can read. */
    private final class Stretch extends InputStream {

        private long at;
        private long left;

        Stretch(long at, long left) {
            this.at = at;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int size) throws IOException {
            if (size == 0) {
                return 0;
            }
            if (left <= 0) {
                return -1;
            }
            int count = file.read(ByteBuffer.wrap(into, offset, (int) Math.min(size, left)), at);
            if (count > 0) {
                at += count;
                left -= count;
            }
            return count;
        }
    }

    /** Frees its inflater when it is closed. */
    private static final class OwnInflater extends InflaterInputStream {

        OwnInflater(InputStream in) {
            super(in, new Inflater(true), 8192);
        }

        @Override
        public void close() throws IOException {
            inf.end();
            super.close();
        }
    }
}
