package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.OwnersDirectory;
import dev.loom.filter.analysis.UpdatePoints.Reason;
import dev.loom.filter.weave.WovenClass;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Prepared classes kept in a file between runs, so that a second start reads what the first has woven. Only the static part is kept, which
 * depends on nothing but the class file and this build of the agent: the file's name holds the build, an entry is found by the class file's
 * two checksums, length and class name, and what is read is checked against a checksum of its own. Of a class file from before Java 7 the entry
 * says too what classes it was woven beside, and holds only where they still are what they were.
 *
 * <p>The file is mapped, never changed, and replaced as a whole: JVMs that start at the same time each read a whole file, and of those that
 * write the last one stays. Entries of classes that this run did not load are dropped when the file grows too large. Thread-safe.
 */
final class WovenCache {

    private static final long MAGIC = 0x4c6f6f6d43616332L; // "LoomCac2"
    private static final int HEADER = 16;
    /** Of an entry in the index: key, length, hash of the name, place and size of the content, its checksum. */
    private static final int ENTRY = 32;
    /** What the file may hold, bytes. */
    private static final long MAX_BYTES = 256L << 20;
    /** The end of the agent's jar, which lists all that is in it with checksums, bytes. */
    private static final int JAR_END = 256 << 10;

    private static final Reason[] REASONS = Reason.values();

    private final Path file;
    private final @Nullable ByteBuffer mapped;
    private final int count;
    private final ConcurrentHashMap<Key, byte[]> fresh = new ConcurrentHashMap<>();
    private final AtomicLong freshBytes = new AtomicLong();
    private final ConcurrentHashMap<Key, Boolean> used = new ConcurrentHashMap<>();

    private record Key(long sums, int length, int name) {}

    private WovenCache(Path file, @Nullable ByteBuffer mapped) {
        this.file = file;
        this.mapped = mapped;
        count = mapped == null ? 0 : mapped.getInt(8);
    }

    /**
     * Opens the cache in a directory of its owner's; null, with a line in the log, if that is not possible.
     *
     * @param leaves whether methods are left for later: such classes are kept apart
     */
    static @Nullable WovenCache open(Path directory, boolean leaves) {
        try {
            OwnersDirectory.prepare(directory);
            Path file = directory.resolve("loom-" + build() + (leaves ? "-later" : "") + ".classes");
            return new WovenCache(file, map(file));
        } catch (IOException | RuntimeException e) {
            AgentLog.warn("cache: " + directory + " is not used: " + (e instanceof IOException ? e.getMessage() : e));
            return null;
        }
    }

    /** Names this build of the agent by what is in its jar. */
    private static String build() throws IOException {
        CRC32C sum = new CRC32C();
        try {
            Path jar = Path.of(WovenCache.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isRegularFile(jar)) {
                try (RandomAccessFile in = new RandomAccessFile(jar.toFile(), "r")) {
                    byte[] end = new byte[(int) Math.min(JAR_END, in.length())];
                    in.seek(in.length() - end.length);
                    in.readFully(end);
                    sum.update(end);
                    return Long.toHexString(in.length()) + "-" + Long.toHexString(sum.getValue());
                }
            }
        } catch (URISyntaxException e) {
            throw new IOException("the agent's jar is not found: " + e.getMessage());
        }
        return "unpacked";
    }

    private static @Nullable ByteBuffer map(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            boolean whole = all.capacity() >= HEADER && all.getLong(0) == MAGIC && all.getInt(8) >= 0
                    && HEADER + (long) all.getInt(8) * ENTRY <= all.capacity() && all.getInt(12) == all.capacity();
            if (!whole) {
                AgentLog.warn("cache: " + file + " is damaged and will be written anew");
            }
            return whole ? all : null;
        }
    }

    private static Key key(String name, byte[] classFile) {
        CRC32 one = new CRC32();
        one.update(classFile);
        CRC32C other = new CRC32C();
        other.update(classFile);
        return new Key(one.getValue() << 32 | other.getValue(), classFile.length, name.hashCode());
    }

    /**
     * What the class file became in an earlier run; null if that is not known.
     *
     * @param others tells of other classes what {@link #add} was told of them
     */
    @Nullable WovenClass find(String name, byte[] classFile, Function<String, @Nullable String> others) {
        ByteBuffer all = mapped;
        if (all == null) {
            return null;
        }
        Key key = key(name, classFile);
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int at = HEADER + middle * ENTRY;
            int order = Long.compare(all.getLong(at), key.sums());
            if (order == 0) {
                boolean isIt = all.getInt(at + 8) == key.length() && all.getInt(at + 12) == key.name();
                byte[] content = isIt ? content(all, at) : null;
                if (content == null) {
                    return null;
                }
                WovenClass known = decode(content, others);
                if (known != null) {
                    used.put(key, true);
                }
                return known;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** Null if it is damaged. */
    private static byte @Nullable [] content(ByteBuffer all, int entry) {
        int place = all.getInt(entry + 16);
        int size = all.getInt(entry + 20);
        if (place < HEADER || size < 0 || place > all.capacity() - size) {
            return null;
        }
        byte[] content = new byte[size];
        all.get(place, content);
        CRC32C sum = new CRC32C();
        sum.update(content);
        return sum.getValue() == all.getLong(entry + 24) ? content : null;
    }

    /**
     * Keeps what a class file has become.
     *
     * @param others what it was told of other classes, by name
     */
    void add(String name, byte[] classFile, WovenClass woven, Map<String, String> others) {
        byte[] content;
        try {
            content = encode(woven, others);
        } catch (UncheckedIOException tooLong) {
            return; // a name that no entry has room for
        }
        if (freshBytes.get() < MAX_BYTES && fresh.putIfAbsent(key(name, classFile), content) == null) {
            freshBytes.addAndGet(content.length + ENTRY);
        }
    }

    private static byte[] encode(WovenClass woven, Map<String, String> others) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(others.size());
            for (Map.Entry<String, String> other : others.entrySet()) {
                out.writeUTF(other.getKey());
                out.writeUTF(other.getValue());
            }
            out.writeInt(woven.methods());
            out.writeByte(woven.skipped().size());
            for (Map.Entry<Reason, Integer> entry : woven.skipped().entrySet()) {
                out.writeByte(entry.getKey().ordinal());
                out.writeInt(entry.getValue());
            }
            out.writeShort(woven.left().size());
            for (String method : woven.left()) {
                out.writeUTF(method);
            }
            if (woven.bytes() != null) {
                out.write(woven.bytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Null if others are not any more what they were. */
    private static @Nullable WovenClass decode(byte[] content, Function<String, @Nullable String> others) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            for (int count = in.readInt(); count > 0; count--) {
                String other = in.readUTF();
                if (!in.readUTF().equals(others.apply(other))) {
                    return null;
                }
            }
            int methods = in.readInt();
            Map<Reason, Integer> skipped = new EnumMap<>(Reason.class);
            for (int reasons = in.readByte(); reasons > 0; reasons--) {
                Reason reason = REASONS[in.readByte()];
                skipped.put(reason, in.readInt());
            }
            Set<String> left = new HashSet<>();
            for (int count = in.readUnsignedShort(); count > 0; count--) {
                left.add(in.readUTF());
            }
            byte[] bytes = in.available() > 0 ? in.readAllBytes() : null;
            return new WovenClass(bytes, methods, skipped, Set.of(), left);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what this run has added, if it has. */
    synchronized void save() {
        if (fresh.isEmpty()) {
            return;
        }
        Map<Key, byte[]> added = Map.copyOf(fresh);
        try {
            ByteBuffer present = map(file);
            List<Map.Entry<Key, byte[]>> all = new ArrayList<>(added.entrySet());
            boolean isLarge = present != null && present.capacity() + freshBytes.get() > MAX_BYTES;
            int entries = present == null ? 0 : present.getInt(8);
            for (int i = 0; i < entries; i++) {
                int at = HEADER + i * ENTRY;
                Key key = new Key(present.getLong(at), present.getInt(at + 8), present.getInt(at + 12));
                byte[] content = added.containsKey(key) || isLarge && !used.containsKey(key) ? null : content(present, at);
                if (content != null) {
                    all.add(Map.entry(key, content));
                }
            }
            all.sort(Comparator.comparingLong(entry -> entry.getKey().sums()));
            write(all);
            added.forEach((key, content) -> {
                if (fresh.remove(key, content)) {
                    freshBytes.addAndGet(-content.length - ENTRY);
                }
            });
            AgentLog.info("cache: " + file + " has " + all.size() + " classes");
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // whoever saves has more to do: detach is one
            AgentLog.warn("cache: " + file + " cannot be written: " + e);
        }
    }

    private void write(List<Map.Entry<Key, byte[]>> all) throws IOException {
        long size = HEADER + (long) all.size() * ENTRY;
        for (Map.Entry<Key, byte[]> entry : all) {
            size += entry.getValue().length;
        }
        if (size > Integer.MAX_VALUE) {
            throw new IOException("more than 2 GiB");
        }
        ByteBuffer out = ByteBuffer.allocate((int) size);
        out.putLong(MAGIC).putInt(all.size()).putInt((int) size);
        int place = HEADER + all.size() * ENTRY;
        for (Map.Entry<Key, byte[]> entry : all) {
            CRC32C sum = new CRC32C();
            sum.update(entry.getValue());
            out.putLong(entry.getKey().sums()).putInt(entry.getKey().length()).putInt(entry.getKey().name());
            out.putInt(place).putInt(entry.getValue().length).putLong(sum.getValue());
            place += entry.getValue().length;
        }
        all.forEach(entry -> out.put(entry.getValue()));
        out.flip();
        Path fresh = Files.createTempFile(file.getParent(), "new-", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(fresh, java.nio.file.StandardOpenOption.WRITE)) {
                while (out.hasRemaining()) {
                    channel.write(out);
                }
            }
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
