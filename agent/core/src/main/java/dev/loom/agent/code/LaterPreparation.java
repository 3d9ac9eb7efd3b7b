package dev.loom.agent.code;

import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.Weaving;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives classes, while nothing else is to be done, the update points that were left for later. Begins when few classes are loaded any more;
 * then a few classes at a time, each time followed by a pause many times as long. The manager's thread only.
 */
public final class LaterPreparation {

    /** When to look for the first time, ms. */
    public static final long FIRST_MILLIS = 20_000;
    /** How often to look whether classes are still coming, ms. */
    private static final long LOOK_MILLIS = 5_000;
    /** So many classes between two looks are the start of an application. */
    private static final int BUSY = 50;
    /** After so many looks it begins whatever comes. */
    private static final int LOOKS = 120;
    /** How often to look for classes that have come since, ms. */
    private static final long REST_MILLIS = 60_000;
    /** Classes for one retransformation, which is a pause of the JVM. */
    private static final int BATCH = 10;
    /** Pause after a retransformation, as a multiple of the time that it took; and at least so many ms. */
    private static final long PAUSES = 30;
    private static final long PAUSE_MILLIS = 100;

    private final Weaving weaving;
    private final List<Class<?>> left = new ArrayList<>();
    private int seen;
    private int looks;

    public LaterPreparation(Weaving weaving) {
        this.weaving = weaving;
    }

    /** Does a little; returns after how many ms to go on. */
    public long step() {
        if (!left.isEmpty()) {
            return prepareSome();
        }
        int passed = weaving.definitions().count();
        boolean isBusy = passed - seen > BUSY && looks < LOOKS;
        seen = passed;
        looks++;
        if (isBusy || weaving.unprepared() == 0) {
            return isBusy ? LOOK_MILLIS : REST_MILLIS;
        }
        for (Class<?> type : weaving.loaded()) {
            if (!type.isArray() && weaving.isUnprepared(type)) {
                left.add(type);
            }
        }
        AgentLog.debug("preparing " + left.size() + " more classes");
        return left.isEmpty() ? REST_MILLIS : prepareSome();
    }

    private long prepareSome() {
        long start = System.nanoTime();
        List<Class<?>> some = left.subList(Math.max(0, left.size() - BATCH), left.size());
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type : some) {
            // a filter may have come between
            if (weaving.isUnprepared(type) && !weaving.isForbidden(type)) {
                types.add(type);
            }
        }
        List<Class<?>> all = List.copyOf(some);
        some.clear();
        if (!types.isEmpty()) {
            weaving.prepare(types);
        }
        // what could not be prepared now never will be
        all.stream().filter(weaving::isUnprepared).forEach(weaving::forsake);
        return Math.max(PAUSE_MILLIS, (System.nanoTime() - start) / 1_000_000 * PAUSES);
    }
}
