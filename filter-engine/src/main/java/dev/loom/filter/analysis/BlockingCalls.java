package dev.loom.filter.analysis;

import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Which calls are the JDK's own ways of keeping a thread waiting. */
public final class BlockingCalls {

    /** Blocking whatever class declares them: applications extend Thread and write queues of their own. */
    private static final Set<String> BY_NAME = Set.of("wait", "sleep", "join", "take", "await", "park");

    private static final Set<String> BY_JDK_NAME = Set.of(
            "wait", "sleep", "join", "take", "takeFirst", "takeLast", "await", "awaitNanos", "awaitUntil", "awaitTermination",
            "awaitAdvance", "awaitAdvanceInterruptibly", "awaitUninterruptibly", "awaitQuiescence", "arriveAndAwaitAdvance", "park",
            "parkNanos", "parkUntil", "poll", "pollFirst", "pollLast", "put", "putFirst", "putLast", "offer", "transfer",
            "tryTransfer", "acquire", "acquireUninterruptibly", "tryAcquire", "lock", "lockInterruptibly", "tryLock", "readLock",
            "writeLock", "get", "exchange", "invokeAll", "invokeAny", "invoke", "waitFor", "accept", "connect", "read", "readLine",
            "readFully", "readNBytes", "readAllBytes", "readObject", "write", "flush", "select", "receive", "send", "nextLine",
            "getInputStream", "remove", "timedJoin", "timedWait", "close", "force");

    private BlockingCalls() {}

    /** Whether an instruction is a call that may keep its thread waiting. */
    public static boolean isBlocking(AbstractInsnNode insn) {
        if (!(insn instanceof MethodInsnNode call) || insn.getOpcode() == Opcodes.INVOKEDYNAMIC) {
            return false;
        }
        return isBlocking(call.owner, call.name, call.desc);
    }

    /** The same, by internal name, name and descriptor of what is called. */
    public static boolean isBlocking(String owner, String name, String desc) {
        return BY_NAME.contains(name) || BY_JDK_NAME.contains(name) && isWaitingPlace(owner) && !isQuick(owner, name, desc);
    }

    /** Whether some method of that name may keep its thread waiting. */
    public static boolean isName(String name) {
        return BY_NAME.contains(name) || BY_JDK_NAME.contains(name);
    }

    private static boolean isWaitingPlace(String owner) {
        return owner.startsWith("java/util/concurrent/")
                || owner.startsWith("java/io/")
                || owner.startsWith("java/net/")
                || owner.startsWith("java/nio/channels/")
                || owner.equals("java/lang/Thread")
                || owner.equals("java/lang/Process")
                || owner.equals("java/lang/ref/ReferenceQueue")
                || owner.equals("java/util/Scanner")
                || owner.startsWith("javax/net/")
                || owner.startsWith("sun/misc/Unsafe")
                || owner.startsWith("jdk/internal/misc/Unsafe");
    }

    /** Names that wait in one class and never in another. */
    private static boolean isQuick(String owner, String name, String desc) {
        if (owner.startsWith("java/util/concurrent/atomic/")) {
            return true;
        }
        boolean map = owner.contains("Map") || owner.contains("CopyOnWrite") || owner.contains("SkipList");
        boolean quickQueue = owner.equals("java/util/concurrent/ConcurrentLinkedQueue")
                || owner.equals("java/util/concurrent/ConcurrentLinkedDeque");
        boolean memory = owner.startsWith("java/io/ByteArray") || owner.startsWith("java/io/StringReader")
                || owner.startsWith("java/io/StringWriter") || owner.startsWith("java/io/CharArray");
        if (map || quickQueue || memory) {
            return true;
        }
        return switch (name) {
            case "poll", "pollFirst", "pollLast", "offer", "tryLock", "tryAcquire", "tryTransfer" ->
                    // without a time limit these return at once
                    !desc.contains("Ljava/util/concurrent/TimeUnit;");
            case "remove" -> !owner.equals("java/lang/ref/ReferenceQueue");
            case "readLock", "writeLock" -> true;
            case "close", "flush", "write" -> !owner.startsWith("java/net/") && !owner.startsWith("java/nio/channels/")
                    && !owner.startsWith("java/io/");
            default -> false;
        };
    }
}
