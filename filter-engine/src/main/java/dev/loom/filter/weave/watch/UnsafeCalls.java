package dev.loom.filter.weave.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types of the JDK whose objects several threads must not use at once, if one of them changes the object. A call is watched by its
 * static type, which may be an interface; whether the object is one of these is seen when the call is made. What only makes a view
 * ({@code keySet}), and what the types allow ({@code List.set} of one element), is not in the table.
 */
public final class UnsafeCalls {

    /**
     * Types whose objects may be the same.
     *
     * @param statics types of the receiver at a call
     * @param objects classes of the objects
     * @param changes names of methods that change the object
     * @param looks names of methods that only read it
     */
    private record Family(String name, String statics, String objects, String changes, String looks) {}

    private static final List<Family> FAMILIES = List.of(
            new Family("map",
                    "java/util/ Map SortedMap NavigableMap SequencedMap AbstractMap HashMap LinkedHashMap TreeMap IdentityHashMap WeakHashMap"
                            + " EnumMap",
                    "java/util/ HashMap LinkedHashMap TreeMap IdentityHashMap WeakHashMap EnumMap",
                    "put putAll putIfAbsent remove clear compute computeIfAbsent computeIfPresent merge replace replaceAll pollFirstEntry"
                            + " pollLastEntry putFirst putLast",
                    "get getOrDefault containsKey containsValue size isEmpty forEach firstKey lastKey firstEntry lastEntry floorKey"
                            + " ceilingKey lowerKey higherKey floorEntry ceilingEntry lowerEntry higherEntry"),
            new Family("collection",
                    "java/util/ Collection List Set SortedSet NavigableSet Queue Deque SequencedCollection SequencedSet AbstractCollection"
                            + " AbstractList AbstractSequentialList AbstractSet ArrayList LinkedList ArrayDeque PriorityQueue HashSet"
                            + " LinkedHashSet TreeSet",
                    "java/util/ ArrayList LinkedList ArrayDeque PriorityQueue HashSet LinkedHashSet TreeSet",
                    "add addAll addFirst addLast remove removeAll removeIf removeFirst removeLast removeFirstOccurrence"
                            + " removeLastOccurrence retainAll clear sort push pop poll pollFirst pollLast offer offerFirst offerLast",
                    "get contains containsAll size isEmpty indexOf lastIndexOf iterator listIterator descendingIterator toArray forEach peek"
                            + " peekFirst peekLast element getFirst getLast first last floor ceiling lower higher"),
            new Family("bits", "java/util/ BitSet", "java/util/ BitSet", "set clear flip and or xor andNot",
                    "get cardinality nextSetBit nextClearBit previousSetBit previousClearBit length isEmpty intersects"),
            new Family("text", "java/lang/ StringBuilder", "java/lang/ StringBuilder",
                    "append appendCodePoint insert delete deleteCharAt replace reverse setLength setCharAt",
                    "toString charAt length substring indexOf lastIndexOf"),
            new Family("format", "java/text/ Format DateFormat SimpleDateFormat NumberFormat DecimalFormat MessageFormat",
                    "java/text/ SimpleDateFormat DecimalFormat MessageFormat",
                    "format parse parseObject applyPattern applyLocalizedPattern setTimeZone setCalendar", ""),
            new Family("calendar", "java/util/ Calendar GregorianCalendar", "java/util/ GregorianCalendar",
                    "set add roll clear setTime setTimeInMillis setTimeZone", "get getTime getTimeInMillis"),
            new Family("matcher", "java/util/regex/ Matcher", "java/util/regex/ Matcher",
                    "find matches lookingAt reset usePattern region appendReplacement appendTail replaceAll replaceFirst", "group start end"),
            new Family("digest", "java/security/ MessageDigest",
                    "java/security/ MessageDigest$Delegate MessageDigest$Delegate$CloneableDelegate", "update digest reset", ""),
            new Family("cipher", "javax/crypto/ Cipher Mac", "javax/crypto/ Cipher Mac", "init update doFinal reset", ""),
            new Family("checksum", "java/util/zip/ Checksum CRC32 CRC32C Adler32", "java/util/zip/ CRC32 CRC32C Adler32", "update reset",
                    "getValue"),
            new Family("file", "java/io/ RandomAccessFile", "java/io/ RandomAccessFile",
                    "read readFully readByte readInt readLong readUTF readLine write writeByte writeInt writeLong writeUTF seek skipBytes"
                            + " setLength", "getFilePointer length"));

    /**
     * What a call does.
     *
     * @param family name of the types that the object may be of
     */
    record Effect(String family, boolean changes) {}

    private static final Map<String, Map<String, Effect>> EFFECTS = effects();

    private UnsafeCalls() {}

    private static Map<String, Map<String, Effect>> effects() {
        Map<String, Map<String, Effect>> effects = new HashMap<>();
        for (Family family : FAMILIES) {
            Map<String, Effect> methods = new HashMap<>();
            words(family.looks()).forEach(name -> methods.put(name, new Effect(family.name(), false)));
            words(family.changes()).forEach(name -> methods.put(name, new Effect(family.name(), true)));
            types(family.statics()).forEach(type -> effects.put(type, methods));
        }
        return effects;
    }

    /** What a call does to its object; null if it is of no interest. */
    static @Nullable Effect of(String owner, String method) {
        Map<String, Effect> methods = EFFECTS.get(owner);
        return methods == null ? null : methods.get(method);
    }

    /** Names, as {@code Class.forName} has them, of the classes whose objects are not thread-safe; all are of java.base. */
    public static Set<String> classes() {
        Set<String> names = new HashSet<>();
        FAMILIES.forEach(family -> types(family.objects()).forEach(type -> names.add(type.replace('/', '.'))));
        return names;
    }

    /** The first word is the package of the others. */
    private static List<String> types(String text) {
        List<String> words = words(text);
        List<String> types = new ArrayList<>();
        words.subList(1, words.size()).forEach(word -> types.add(words.get(0) + word));
        return types;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
