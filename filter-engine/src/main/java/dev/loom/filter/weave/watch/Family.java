package dev.loom.filter.weave.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * Types whose objects may be the same.
 *
 * @param statics types of the receiver at a call
 * @param unsafe classes of objects that several threads must not use at once, if one of them changes the object
 * @param safe classes of objects that they may use at once; what is torn there is a step of several calls
 * @param changes names of methods that change the object; with a question mark, those that look themselves whether it is still as it was
 * @param looks names of methods that only read it
 * @param isKeyed whether a first argument that is an object says what within the object a call is about
 */
record Family(String name, String statics, String unsafe, String safe, String changes, String looks, boolean isKeyed) {

    private static final String CHANGES_OF_MAPS = "put putAll putIfAbsent? remove clear compute computeIfAbsent? computeIfPresent? merge replace?"
            + " replaceAll pollFirstEntry pollLastEntry putFirst putLast";
    private static final String LOOKS_AT_MAPS = "get getOrDefault containsKey containsValue size isEmpty forEach firstKey lastKey firstEntry"
            + " lastEntry floorKey ceilingKey lowerKey higherKey floorEntry ceilingEntry lowerEntry higherEntry";
    private static final String CHANGES_OF_COLLECTIONS = "add addAll addFirst addLast addIfAbsent? remove removeAll removeIf removeFirst removeLast"
            + " removeFirstOccurrence removeLastOccurrence retainAll clear sort push pop poll pollFirst pollLast offer offerFirst offerLast addElement"
            + " removeElement removeElementAt removeAllElements insertElementAt drainTo";
    private static final String LOOKS_AT_COLLECTIONS = "get contains containsAll size isEmpty indexOf lastIndexOf iterator listIterator"
            + " descendingIterator toArray forEach peek peekFirst peekLast element getFirst getLast first last floor ceiling lower higher elementAt"
            + " firstElement lastElement";
    private static final String CHANGES_OF_ATOMICS = "set lazySet setPlain setOpaque setRelease compareAndSet? weakCompareAndSet?"
            + " weakCompareAndSetPlain? weakCompareAndSetAcquire? weakCompareAndSetRelease? weakCompareAndSetVolatile? compareAndExchange?"
            + " compareAndExchangeAcquire? compareAndExchangeRelease? getAndSet getAndIncrement getAndDecrement getAndAdd incrementAndGet"
            + " decrementAndGet addAndGet getAndUpdate updateAndGet getAndAccumulate accumulateAndGet";

    static final List<Family> ALL = List.of(
            new Family("map",
                    "java/util/ Map SortedMap NavigableMap SequencedMap AbstractMap HashMap LinkedHashMap TreeMap IdentityHashMap WeakHashMap"
                            + " EnumMap Hashtable Dictionary java/util/concurrent/ ConcurrentMap ConcurrentNavigableMap ConcurrentHashMap"
                            + " ConcurrentSkipListMap",
                    "java/util/ HashMap LinkedHashMap TreeMap IdentityHashMap WeakHashMap EnumMap",
                    "java/util/ Hashtable Collections$SynchronizedMap Collections$SynchronizedSortedMap Collections$SynchronizedNavigableMap"
                            + " java/util/concurrent/ ConcurrentHashMap ConcurrentSkipListMap",
                    CHANGES_OF_MAPS, LOOKS_AT_MAPS, true),
            new Family("collection",
                    "java/util/ Collection List Set SortedSet NavigableSet Queue Deque SequencedCollection SequencedSet AbstractCollection"
                            + " AbstractList AbstractSequentialList AbstractSet ArrayList LinkedList ArrayDeque PriorityQueue HashSet"
                            + " LinkedHashSet TreeSet Vector Stack java/util/concurrent/ CopyOnWriteArrayList CopyOnWriteArraySet"
                            + " ConcurrentLinkedQueue ConcurrentLinkedDeque ConcurrentSkipListSet BlockingQueue BlockingDeque"
                            + " ArrayBlockingQueue LinkedBlockingQueue LinkedBlockingDeque PriorityBlockingQueue",
                    "java/util/ ArrayList LinkedList ArrayDeque PriorityQueue HashSet LinkedHashSet TreeSet",
                    "java/util/ Vector Stack Collections$SynchronizedCollection Collections$SynchronizedList Collections$SynchronizedRandomAccessList"
                            + " Collections$SynchronizedSet Collections$SynchronizedSortedSet Collections$SynchronizedNavigableSet"
                            + " java/util/concurrent/ CopyOnWriteArrayList CopyOnWriteArraySet ConcurrentLinkedQueue ConcurrentLinkedDeque"
                            + " ConcurrentSkipListSet ArrayBlockingQueue LinkedBlockingQueue LinkedBlockingDeque PriorityBlockingQueue",
                    CHANGES_OF_COLLECTIONS, LOOKS_AT_COLLECTIONS, true),
            new Family("atomic", "java/util/concurrent/atomic/ AtomicInteger AtomicLong AtomicBoolean AtomicReference", "",
                    "java/util/concurrent/atomic/ AtomicInteger AtomicLong AtomicBoolean AtomicReference", CHANGES_OF_ATOMICS,
                    "get intValue longValue getPlain getOpaque getAcquire", false),
            new Family("access", "java/lang/reflect/ AccessibleObject Method Constructor Field", "", "java/lang/reflect/ Method Constructor Field",
                    "setAccessible trySetAccessible", "isAccessible canAccess invoke newInstance", false),
            new Family("bits", "java/util/ BitSet", "java/util/ BitSet", "", "set clear flip and or xor andNot",
                    "get cardinality nextSetBit nextClearBit previousSetBit previousClearBit length isEmpty intersects", false),
            new Family("text", "java/lang/ StringBuilder", "java/lang/ StringBuilder", "",
                    "append appendCodePoint insert delete deleteCharAt replace reverse setLength setCharAt",
                    "toString charAt length substring indexOf lastIndexOf", false),
            new Family("format", "java/text/ Format DateFormat SimpleDateFormat NumberFormat DecimalFormat MessageFormat",
                    "java/text/ SimpleDateFormat DecimalFormat MessageFormat", "",
                    "format parse parseObject applyPattern applyLocalizedPattern setTimeZone setCalendar", "", false),
            new Family("calendar", "java/util/ Calendar GregorianCalendar", "java/util/ GregorianCalendar", "",
                    "set add roll clear setTime setTimeInMillis setTimeZone", "get getTime getTimeInMillis", false),
            new Family("matcher", "java/util/regex/ Matcher", "java/util/regex/ Matcher", "",
                    "find matches lookingAt reset usePattern region appendReplacement appendTail replaceAll replaceFirst", "group start end", false),
            new Family("digest", "java/security/ MessageDigest",
                    "java/security/ MessageDigest$Delegate MessageDigest$Delegate$CloneableDelegate", "", "update digest reset", "", false),
            new Family("cipher", "javax/crypto/ Cipher Mac", "javax/crypto/ Cipher Mac", "", "init update doFinal reset", "", false),
            new Family("checksum", "java/util/zip/ Checksum CRC32 CRC32C Adler32", "java/util/zip/ CRC32 CRC32C Adler32", "", "update reset",
                    "getValue", false),
            new Family("file", "java/io/ RandomAccessFile", "java/io/ RandomAccessFile", "",
                    "read readFully readByte readInt readLong readUTF readLine write writeByte writeInt writeLong writeUTF seek skipBytes"
                            + " setLength", "getFilePointer length", false));

    /** Words that end with a slash are the package of those that follow. */
    static List<String> types(String text) {
        List<String> types = new ArrayList<>();
        String inPackage = "";
        for (String word : words(text)) {
            if (word.endsWith("/")) {
                inPackage = word;
            } else {
                types.add(inPackage + word);
            }
        }
        return types;
    }

    static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
