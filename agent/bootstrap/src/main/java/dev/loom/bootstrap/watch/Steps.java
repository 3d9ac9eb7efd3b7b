package dev.loom.bootstrap.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sees steps that are torn. A thread that makes a first step with an object is followed for a while: it goes on, and where it comes to the same object
 * again, with another thread having come to it in between, the two steps are torn if they are part of one call of a method.
 *
 * <p>The other is seen in front of an access that has nothing to wait for: what keeps two threads apart has been passed before, and calls that
 * lock inside count only while the followed thread does not hold what they lock ({@link ObjectTypes}). So it can go right behind the
 * first step and in front of the second. That both steps are of one call is told from the stacks: they are the same up to a frame that has gone
 * on from one instruction to a later one. A caller's loop that calls the method twice comes to the first place again, and that begins anew.
 */
final class Steps {

    /** How long a thread is followed, ns. */
    private static final long TIME = 100_000_000;
    /** What looking at one thread that passes costs, ns. */
    private static final long PASS = 40;
    /** What looking at a stack costs at most, ns: who takes longer has lost the processor, which happens anyway. */
    private static final long MOST_LOOK = 100_000;
    /** Different torn steps that are kept, and pairs of places of which is counted how often they were whole. */
    private static final int MOST = 1_000;

    /** Makes of a time a number that looks like any other: the golden ratio. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int ALL_ODDS_BITS = 6;

    private final Follows follows;
    /** Of 64 arrivals so many are followed, if there is time. Written by several threads; one that gets lost does no harm. */
    private volatile int odds = 1 << ALL_ODDS_BITS;
    /** What following may take of the time. */
    private final Pauses time;
    private final ConcurrentHashMap<Key, TornStep> torn = new ConcurrentHashMap<>();
    /** By first and second place. */
    private final ConcurrentHashMap<Long, AtomicInteger> whole = new ConcurrentHashMap<>();

    Steps(Traps traps, byte[] flags, Pauses time) {
        this.follows = new Follows(traps, flags);
        this.time = time;
    }

    /** Has what is run by the application's threads linked on the calling one. */
    static void prepare() {
        Frames.common(Frames.take(), Frames.take());
    }

    List<TornStep> torn() {
        return new ArrayList<>(torn.values());
    }

    /** Follows the calling thread, which is in front of an access, if there is time for it. */
    void begin(Object object, WatchedPlace place, Thread me, int key) {
        // what is being made is nobody else's yet: that it is made is no step
        if (place.is(WatchedPlace.CONSTRUCTS) || ObjectTypes.isHeld(object, place) || !isDrawn()) {
            return;
        }
        long now = System.nanoTime();
        Follow follow = new Follow(object, place, me, key, now + TIME);
        look(follow);
        if (follow.frames.length > 0) {
            follows.set(follow);
        }
    }

    /**
     * By lot, with odds at which there is time for nearly all that are drawn: else whoever comes first after a wait would take all the time there is, and
     * places behind it in a method would never have their turn.
     */
    private boolean isDrawn() {
        if ((int) (System.nanoTime() * SPREAD >>> Long.SIZE - ALL_ODDS_BITS) >= odds) {
            return false;
        }
        boolean hasTime = time.mayTake();
        odds = hasTime ? Math.min(1 << ALL_ODDS_BITS, odds + 1) : Math.max(1, odds - odds / 8 - 1);
        return hasTime;
    }

    private void look(Follow follow) {
        long now = System.nanoTime();
        follow.holds = Thread.holdsLock(follow.object);
        follow.frames = Frames.take();
        time.taken(Math.min(MOST_LOOK, System.nanoTime() - now));
    }

    /** Gives up those whose time is over. */
    void sweep() {
        long now = System.nanoTime();
        for (int i = 0; i < Follows.most(); i++) {
            Follow follow = follows.at(i);
            if (follow != null && follow.isOver(now)) {
                end(follow);
            }
        }
    }

    private void end(Follow follow) {
        if (follows.remove(follow)) {
            time.taken(follow.passes() * PASS);
        }
    }

    boolean concern(WatchedPlace place) {
        return follows.concern(place);
    }

    /**
     * A thread is in front of an access. Others learn of it; returns the step that it has begun itself, null if there is none.
     */
    Follow pass(Object object, Object about, WatchedPlace place, Thread me) {
        Follow own = null;
        long now = System.nanoTime();
        for (int i = 0; i < Follows.most(); i++) {
            Follow follow = follows.at(i);
            if (follow == null || follow.place.variable != place.variable) {
                continue;
            }
            if (!follow.pass(now)) {
                end(follow);
            } else if (follow.object != object || !follow.concerns(Keys.of(object, about))) {
                continue;
            } else if (follow.thread == me) {
                own = follow;
            } else if (follow.lacks(place)) {
                follow.met(Side.noted(place, object));
            }
        }
        return own;
    }

    /** Whether it is worth while for a thread that is followed to wait for others in front of its second step. */
    static boolean isWorthPausing(Follow follow, WatchedPlace second) {
        return !follow.hasPaused && follow.place != second && !follow.holds && !second.locked && !Thread.holdsLock(follow.object)
                && follow.tornAt(second) == null && second.variable.isChanged() && TornStep.mayBeTorn(follow.place, second);
    }

    /** A thread that is followed is in front of another step. */
    void second(Follow follow, WatchedPlace place) {
        Side between = follow.tornAt(place);
        if (between != null && !ObjectTypes.isHeld(follow.object, place)) {
            StackWalker.StackFrame[] now = Frames.take();
            int common = Frames.common(follow.frames, now);
            if (common > 0 && (follow.place.writes || Frames.tells(follow.frames, common))) {
                record(follow, between, place, now, common);
                end(follow);
                return;
            }
        } else if (between == null) {
            count(follow.place, place);
        }
        if (follow.place == place) {
            if (follow.again() && time.mayTake()) {
                look(follow);
            } else {
                end(follow);
            }
        }
    }

    private AtomicInteger count(WatchedPlace one, WatchedPlace two) {
        Long pair = (long) one.index << Integer.SIZE | two.index;
        AtomicInteger counted = whole.get(pair);
        if (counted == null && whole.size() < MOST) {
            AtomicInteger made = new AtomicInteger();
            counted = whole.putIfAbsent(pair, made);
            counted = counted == null ? made : counted;
        }
        if (counted != null) {
            counted.incrementAndGet();
        }
        return counted;
    }

    private void record(Follow follow, Side between, WatchedPlace second, StackWalker.StackFrame[] now, int common) {
        StackWalker.StackFrame call = follow.frames[follow.frames.length - common];
        Key key = new Key(follow.place, between.place(), second, call);
        TornStep known = torn.get(key);
        if (known != null) {
            known.again();
        } else if (torn.size() < MOST) {
            between.settle();
            Class<?> type = second.isStatic ? (Class<?>) follow.object : follow.object.getClass();
            AtomicInteger counted = whole.get((long) follow.place.index << Integer.SIZE | second.index);
            torn.putIfAbsent(key, new TornStep(
                    Side.of(follow.place, follow.holds, follow.frames), between, Side.of(second, Thread.holdsLock(follow.object), now),
                    type.getName(), follow.frames.length - common, now.length - common, counted == null ? new AtomicInteger() : counted));
        }
    }

    /** Three places, and the call of which the steps are part. */
    private static final class Key {

        private final long places;
        private final String call;

        Key(WatchedPlace first, WatchedPlace between, WatchedPlace second, StackWalker.StackFrame call) {
            this.places = ((long) first.index << Armed.BITS | between.index) << Armed.BITS | second.index;
            this.call = call.getClassName().concat(".").concat(call.getMethodName());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.places == places && key.call.equals(call);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(places) * 31 + call.hashCode();
        }
    }
}
