package dev.loom.bootstrap.watch;

import dev.loom.bootstrap.hook.HookTable;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.LoomCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One search for races. A thread that comes to an armed place pauses in front of it and leaves a {@link Trap}; a thread that comes, at a
 * place in conflict, to the same object meanwhile collides with it. What is seen this way, at the same moment, is two threads each about to
 * use the object, with nothing left to do before it. There are no vector clocks, and nothing is concluded about locks.
 *
 * <h2>Why a collision is no false alarm</h2>
 * A trap is in {@link Traps} only while its thread stands in front of its instruction. The thread that finds it there stands in front of its
 * own. Had they anything in common that keeps them apart (a monitor, a lock, a region of a filter, an order of any kind), one of them could
 * not be where it is. So either may go first, and one of them changes the object: that is a race. Three cases are left in which an
 * instruction itself waits behind the watch point, and each is taken out:
 *
 * <ul>
 *   <li>A static field of a class that is being initialized: whoever else comes waits for the initialization, inside the instruction. As
 *       long as a class is not initialized ({@link ClassState}), neither side counts.
 *   <li>A call on an object whose class locks inside: only objects of the classes given, exactly of these, count.
 *   <li>An object under construction: nobody else has it. Whoever has it nevertheless has been given it too early, and that is a race.
 * </ul>
 *
 * <h2>Steps</h2>
 * What is torn though each access is kept apart by a lock, or by the object itself, is seen by {@link Steps}.
 *
 * <h2>What a pause must not do</h2>
 * It is bounded, and booked before it begins ({@link Pauses}). A thread that holds a lock of Loom's does not pause, nor one that runs Loom's
 * code; one that holds a monitor here pauses for a shorter time. No latch is shut meanwhile. A pause is nothing but time: parking gives back
 * the permit that it may have eaten, and leaves interrupts alone.
 */
public final class RaceSearch {

    /** Places of one search. */
    public static final int CAPACITY = 1 << Armed.BITS;

    /** Pauses of a place grow from the shortest by doubling, and begin again; ns. */
    private static final long SHORTEST = 100_000;
    private static final int DOUBLINGS = 6;
    /** A pause under a monitor is so many times shorter. */
    private static final int SHORTER = 4;
    /** Pauses at a place where no two threads were seen at one object yet, if somebody changes what it uses. */
    private static final int DOUBTFUL_PAUSES = 1;
    /** What following threads may take of the share; pauses have the rest. */
    private static final double FOLLOWING = 0.25;
    /** Different collisions that are kept. */
    private static final int MOST_COLLISIONS = 1_000;

    private final int epoch = Armed.next();
    private final Traps traps = new Traps(Armed.PLACES);
    private final Pauses pauses;
    private final Pauses following;
    private final Steps steps;
    private final Nearness nearness = new Nearness();
    private final ObjectTypes types;
    /** By index; written under the monitor, read without: a number is woven after its place is here. */
    private final WatchedPlace[] places = new WatchedPlace[CAPACITY];
    /** Guarded by this. */
    private final Map<String, Variable> variables = new HashMap<>();
    private int last;
    private final ConcurrentHashMap<Long, Collision> collisions = new ConcurrentHashMap<>();

    /**
     * Makes one, which does nothing before it begins.
     *
     * @param types classes on whose objects calls are of interest
     * @param share of the time passed that pauses may take, all threads together, 0 to 1
     */
    public RaceSearch(ObjectTypes types, double share) {
        this.types = types;
        this.pauses = new Pauses(share * (1 - FOLLOWING));
        this.following = new Pauses(share * FOLLOWING);
        this.steps = new Steps(traps, Armed.PLACES, following);
    }

    /** @throws IllegalStateException if another one runs */
    public void begin() {
        Steps.prepare();
        Armed.begin(this);
    }

    /** Ends it: from here on nobody pauses, and frames of watched code pass. */
    public void end() {
        Armed.end(this);
    }

    /**
     * Adds a place, to be woven under its number.
     *
     * @param variable what it uses, the same for all places that use it
     * @param traits constants of {@link WatchedPlace}, combined
     * @return null if there are too many
     */
    public synchronized WatchedPlace add(String variable, int traits) {
        if (last == CAPACITY - 1) {
            return null;
        }
        Variable used = variables.get(variable);
        if (used == null) {
            used = new Variable();
            variables.put(variable, used);
        }
        int index = last + 1;
        WatchedPlace place = new WatchedPlace(index, epoch << Armed.BITS | index, used, traits);
        places[index] = place;
        last = index;
        traps.add(place);
        return place;
    }

    /** All places so far. */
    public synchronized List<WatchedPlace> places() {
        List<WatchedPlace> all = new ArrayList<>(last);
        for (int i = 1; i <= last; i++) {
            all.add(places[i]);
        }
        return all;
    }

    /** Has the next threads that come to a place looked at, and to others that use the same. */
    public void arm(WatchedPlace place) {
        traps.arm(place, System.nanoTime());
    }

    /** Changes the share of the time that pauses may take, 0 to 1. */
    public void share(double share) {
        pauses.share(share * (1 - FOLLOWING));
        following.share(share * FOLLOWING);
    }

    /** What pauses, and following threads, have taken of the time passed, 0 to 1. */
    public double used() {
        return (double) (pauses.total() + following.total()) / Math.max(1, pauses.elapsed());
    }

    /** Lets go of what is over. To be called now and then. */
    public void sweep() {
        steps.sweep();
    }

    /** What was seen so far, in no order. */
    public List<Collision> collisions() {
        return new ArrayList<>(collisions.values());
    }

    /** Steps that were seen torn so far, in no order. */
    public List<TornStep> torn() {
        return steps.torn();
    }

    // ---- in the application's threads ----------------------------------------------------------------------------------------

    void arrive(Object object, Object about, int number) {
        if (number >> Armed.BITS != epoch) {
            return;
        }
        WatchedPlace place = places[number & CAPACITY - 1];
        Thread me = Thread.currentThread();
        if (place == null || LoomCode.isInside(me) || place.isStatic && !ClassState.isInitialized((Class<?>) object)) {
            return;
        }
        int type = place.isCall ? types.of(object) : ObjectTypes.UNSAFE;
        boolean mayCollide = mayCollide(object, place);
        if (mayCollide) {
            meet(object, place, me);
        }
        boolean isFollowed = false;
        if (type != ObjectTypes.NONE && steps.concern(place)) {
            Follow own = steps.pass(object, about, place, me);
            isFollowed = own != null;
            if (isFollowed) {
                step(own, place, me);
            }
        }
        if (place.left > 0 && traps.take(place, System.nanoTime()) && type != ObjectTypes.NONE) {
            sample(object, about, place, me, mayCollide, !isFollowed);
        }
    }

    /** Whether two threads at once are a finding. */
    private boolean mayCollide(Object object, WatchedPlace place) {
        return place.isCall ? types.of(object) == ObjectTypes.UNSAFE : !place.is(WatchedPlace.STEPS_ONLY);
    }

    /** Only where no lock keeps others away; they come to the object meanwhile, or the step stays whole. */
    private void step(Follow own, WatchedPlace place, Thread me) {
        if (Steps.isWorthPausing(own, place)) {
            own.hasPaused = true;
            pause(own.object, place, me);
        }
        steps.second(own, place);
    }

    /** Looks whether another thread pauses where this one would collide with it; tells it so. */
    private boolean meet(Object object, WatchedPlace place, Thread me) {
        Trap trap = traps.find(object, place, me);
        if (trap == null || !trap.claim()) {
            return trap != null;
        }
        boolean marked = LoomCode.enter();
        try {
            trap.metBy(isKnown(trap.place, place) ? Side.again(place) : Side.told(place, object));
        } finally {
            if (marked) {
                LoomCode.leave();
            }
        }
        return true;
    }

    private boolean isKnown(WatchedPlace one, WatchedPlace other) {
        return collisions.size() >= MOST_COLLISIONS || collisions.containsKey(key(one, other));
    }

    private static Long key(WatchedPlace one, WatchedPlace other) {
        return (long) Math.min(one.index, other.index) << Integer.SIZE | Math.max(one.index, other.index);
    }

    private void sample(Object object, Object about, WatchedPlace place, Thread me, boolean mayCollide, boolean mayFollow) {
        int near = nearness.arrived(object, place, me);
        if (near != 0) {
            traps.count(place, 0, 1, 0);
            traps.count(places[near], 0, 1, 0);
        } else if (!place.isPromising() && (!place.variable.isChanged() || place.pauses >= DOUBTFUL_PAUSES)) {
            return;
        }
        // in turn: a pause in front of the first step lets others go by who would come in between
        boolean isTurn = place.isPromising() && (!mayCollide || (place.arrivals & 1) == 0);
        if (isTurn && mayFollow) {
            steps.begin(object, place, me, Keys.of(object, about));
        } else if (mayCollide) {
            pause(object, place, me);
        }
    }

    private void pause(Object object, WatchedPlace place, Thread me) {
        boolean isLocked = place.locked || Thread.holdsLock(object);
        long nanos = (SHORTEST << place.pauses % DOUBLINGS) / (isLocked ? SHORTER : 1);
        long cost = pauses.book(nanos);
        if (cost == 0) {
            return;
        }
        if (holdsLockOfLoom(me) || !LoomCode.enter()) {
            pauses.cancel(cost);
            return;
        }
        try {
            Trap trap = new Trap(object, place, me);
            if (traps.set(trap)) {
                pause(trap, nanos, cost);
            } else {
                pauses.cancel(cost);
            }
        } finally {
            LoomCode.leave();
        }
    }

    private void pause(Trap trap, long nanos, long cost) {
        try {
            // two that set their traps at once would each wait for the other
            if (mayCollide(trap.object, trap.place) && meet(trap.object, trap.place, trap.thread)) {
                pauses.cancel(cost);
            } else {
                pauses.pause(nanos, cost, trap.thread);
            }
        } finally {
            traps.remove(trap);
        }
        Side other = trap.close();
        traps.count(trap.place, 1, 0, other == null ? 0 : 1);
        if (other != null) {
            traps.count(other.place(), 0, 0, 1);
            record(trap, other);
        }
    }

    private void record(Trap trap, Side other) {
        Long key = key(trap.place, other.place());
        Collision known = collisions.get(key);
        if (known == null && other.stack().length > 0 && collisions.size() < MOST_COLLISIONS) {
            Class<?> type = trap.place.isStatic ? (Class<?>) trap.object : trap.object.getClass();
            known = collisions.putIfAbsent(key, new Collision(Side.told(trap.place, trap.object), other, type.getName()));
        }
        if (known != null) {
            known.again();
        }
    }

    private static boolean holdsLockOfLoom(Thread me) {
        for (RegionHook hook : HookTable.all()) {
            for (Thread holder : hook.lock().holders()) {
                if (holder == me) {
                    return true;
                }
            }
        }
        return false;
    }
}
