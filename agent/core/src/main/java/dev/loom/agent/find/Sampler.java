package dev.loom.agent.find;

import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import dev.loom.bootstrap.watch.RaceSearch;
import dev.loom.bootstrap.watch.WatchedPlace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Decides at which places threads are looked at: a place is armed for a few arrivals, and the last of them disarms it. So a place that is hot
 * costs no more samples than one that is cold, and none is passed over because others are busy. A thread of Loom's arms a few places at a
 * time: first those where nobody has come yet, then those that have been sampled least.
 */
final class Sampler implements AutoCloseable {

    /** Between two times of arming, ns. */
    private static final long TICK = 5_000_000;
    /** So many ticks until new places are looked for, and the cost of watching is estimated anew. */
    private static final int LOOK = 40;
    /** Of the places that could be armed, so many are drawn by lot, and so many of those are armed. */
    private static final int DRAWN = 200;
    private static final int ARMED = 12;
    /** A collision counts as so many pauses: others are to have their turn. */
    private static final int COLLISION = 4;

    private final RaceSearch search;
    private final Runnable eachLook;
    private final BooleanSupplier mayLook;
    private final SplittableRandom random = new SplittableRandom();
    private final Thread thread;
    private List<WatchedPlace> places = List.of();
    private int begun;
    private volatile boolean closed;

    /**
     * Makes one.
     *
     * @param eachLook called now and then on the sampler's thread
     * @param mayLook whether places may be armed that have been armed before
     */
    Sampler(RaceSearch search, Runnable eachLook, BooleanSupplier mayLook) {
        this.search = search;
        this.mayLook = mayLook;
        this.eachLook = eachLook;
        thread = LoomThreads.daemon("find", this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        for (int tick = 0; !closed; tick++) {
            try {
                if (tick % LOOK == 0) {
                    places = search.places();
                    eachLook.run();
                }
                search.sweep();
                armNew();
                if (mayLook.getAsBoolean()) {
                    armSome();
                }
            } catch (RuntimeException e) {
                AgentLog.error("a fault in the search for races", e);
            }
            LockSupport.parkNanos(TICK);
        }
    }

    private void armNew() {
        for (; begun < places.size(); begun++) {
            search.arm(places.get(begun));
        }
    }

    private void armSome() {
        if (places.isEmpty()) {
            return;
        }
        List<WatchedPlace> drawn = new ArrayList<>();
        for (int i = 0; i < DRAWN; i++) {
            WatchedPlace place = places.get(random.nextInt(places.size()));
            if (!place.isArmed() && !drawn.contains(place)) {
                drawn.add(place);
            }
        }
        drawn.sort(Comparator.comparingInt(Sampler::had));
        drawn.subList(0, Math.min(ARMED, drawn.size())).forEach(search::arm);
    }

    /** How much of the time a place has had. What is not promising is only looked at, and more and more seldom. */
    private static int had(WatchedPlace place) {
        return place.isPromising() ? place.pauses() + COLLISION * place.collisions() : place.arrivals();
    }

    @Override
    public void close() {
        closed = true;
        LoomThreads.awaitEnd(thread);
    }
}
