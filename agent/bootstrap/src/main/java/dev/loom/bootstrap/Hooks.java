package dev.loom.bootstrap;

import dev.loom.bootstrap.hook.HookLinker;
import dev.loom.bootstrap.hook.HookTable;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.hook.UnprotectedHold;
import dev.loom.bootstrap.lock.ExclusiveHold;
import dev.loom.bootstrap.lock.ExclusiveLock;
import dev.loom.bootstrap.lock.ThinHold;
import dev.loom.bootstrap.order.EventHold;
import dev.loom.bootstrap.order.OrderEdge;
import dev.loom.bootstrap.standstill.Ownership;
import dev.loom.bootstrap.standstill.PollGate;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The facade that woven code calls. Whatever goes wrong here is counted in {@link Faults} and the code goes on as if it were not
 * woven.
 *
 * <p>A region looks like this: {@code hold = enter(hold); depth = depth(hold); … exit(hold, depth);} with {@code exit} on every
 * edge that leaves.
 *
 * <h2>Where the stack ends</h2>
 * A StackOverflowError comes at a call, and there may be no stack left for another in the handler that catches it. So the
 * uncontended way into an {@link ExclusiveLock} and out of it makes no call once anything is changed, and where an exit cannot do
 * its work it leaves a note in a field ({@link dev.loom.bootstrap.lock.Holder#postponed}) for whoever needs the lock next.
 *
 * <p>So the handler that ends a hook is written out in each of them, alike as they are.
 *
 * <p>Changes in several steps are made in methods with ReservedStackAccess, which the JVM honours on the boot class path: once
 * such a method runs, the last page of the stack is there for what it calls, and the error is thrown when its frame returns.
 * These methods are never made part of their caller's frame (DontInline): else the page would stay open until that frame returns,
 * for the application's calls too; and an error in place of an entry's result could not be caught, and undone, by {@code giveBack}.
 */
public final class Hooks {

    private Hooks() {}

    /**
     * Links the entry of a region. The call site takes the hold that the frame has (null if none) and, where the key starts at a
     * value of the frame, that value; it returns the hold to keep. A hold that is there already is returned unchanged.
     *
     * @param type {@code (Hold)Hold}, or {@code (Hold,K)Hold} with K Object or primitive
     * @param hookId id of a {@link RegionHook} in the {@link HookRegistry}
     * @param keySource where the key comes from: empty for none, {@code arg}, {@code static:owner#name#desc}, {@code
     *     class:internalName} or {@code lit:I:42} (I also for long; D, Z, S; C as a number); but for the first and last followed by
     *     any number of field steps {@code |owner#name#desc}
     */
    public static CallSite enter(MethodHandles.Lookup caller, String name, MethodType type, int hookId, String keySource) {
        return new ConstantCallSite(HookLinker.link(caller, type, hookId, keySource));
    }

    /**
     * The depth of the hold that {@code enter} has just acquired, from 1; 0 if there is nothing to release. (Of a hold that the
     * frame already had, it may be more than what the frame has to release: keep the depth together with the hold.)
     */
    @ForceInline
    public static int depth(Hold hold) {
        return hold == null ? 0 : hold.depth();
    }

    /**
     * Leaves a region: releases down to {@code depth - 1} levels, so that inner exits that were lost are made up for; one level if
     * the depth is not positive.
     */
    @ForceInline
    public static void exit(Hold hold, int depth) {
        // long: each kind of hold written out, for a call may not come back where the stack ends
        if (hold instanceof ExclusiveHold) {
            // written out here: in interpreted code each method would be a call, and one that may not come back
            ExclusiveLock.Sync sync = ((ExclusiveHold) hold).sync;
            boolean mine;
            try {
                mine = sync.owner == Thread.currentThread();
            } catch (StackOverflowError e) {
                mine = sync.state > 0 && sync.more >= depth - 1;
            }
            if (!mine) {
                return;
            }
            int left = depth > 0 ? depth - 1 : sync.more;
            if (left > 0) {
                if (left <= sync.more) {
                    sync.more = left - 1;
                }
                return;
            }
            if (sync.more != 0) {
                sync.more = 0;
            }
            sync.owner = null;
            int frees = sync.frees;
            if (!sync.wanted) {
                frees--;
                sync.state = 0;
                if (!sync.wanted) {
                    return;
                }
                // someone has come between
            }
            try {
                sync.freeContended(frees);
            } catch (Throwable t) {
                if (sync.frees == frees) {
                    // it has not begun: whoever waits will look again by itself
                    sync.state = 0;
                }
                Faults.stackEnds++;
            }
        } else if (hold instanceof ThinHold) {
            int releases = ((ThinHold) hold).stripe.releases;
            try {
                hold.exit(depth);
            } catch (Throwable t) {
                if (((ThinHold) hold).stripe.releases == releases) {
                    hold.postponed = 1;
                }
                Faults.stackEnds++;
            }
        } else if (hold != null) {
            int changes = hold.changes;
            try {
                hold.exit(depth);
            } catch (Throwable t) {
                if (hold instanceof UnprotectedHold) {
                    hold.postponed++;
                } else if (hold.changes == changes) {
                    hold.postponed = depth > 0 ? depth : hold.depth;
                }
                Faults.stackEnds++;
            }
        }
    }

    /** The same for a region that overlaps others of its constraint in the same frame: releases one level. */
    @ForceInline
    public static void exitOne(Hold hold, int depth) {
        if (hold instanceof ExclusiveHold) {
            exit(hold, 0);
        } else if (hold instanceof ThinHold) {
            int releases = ((ThinHold) hold).stripe.releases;
            try {
                hold.exitOne(depth);
            } catch (Throwable t) {
                if (((ThinHold) hold).stripe.releases == releases) {
                    hold.postponed = 1;
                }
                Faults.stackEnds++;
            }
        } else if (hold != null) {
            int changes = hold.changes;
            try {
                hold.exitOne(depth);
            } catch (Throwable t) {
                if (hold instanceof UnprotectedHold) {
                    hold.postponed++;
                } else if (hold.changes == changes) {
                    hold.postponed = hold.depth;
                }
                Faults.stackEnds++;
            }
        }
    }

    /**
     * Links the reading of an event's count, behind its {@code enter}. The call site takes the hold that the frame has and, where the
     * count starts at a value of the frame, that value; it returns the hold to keep.
     *
     * @param countSource where the count comes from, written as the source of a key
     */
    public static CallSite count(MethodHandles.Lookup caller, String name, MethodType type, int hookId, String countSource) {
        return new ConstantCallSite(HookLinker.linkCount(caller, type, hookId, countSource));
    }

    /**
     * The event of which the frame has kept {@code hold} since it came there has completed. (A frame that leaves it by an exception
     * calls {@link #exit} instead.)
     */
    @ForceInline
    public static void completed(Hold hold) {
        if (hold instanceof EventHold) {
            OrderEdge edge = ((EventHold) hold).edge;
            if (edge == null || edge.open) {
                return;
            }
            long before = edge.completed;
            try {
                if (edge.complete(((EventHold) hold).count) == OrderEdge.FORGOTTEN) {
                    edge.completeAgain(((EventHold) hold).count);
                }
            } catch (Throwable t) {
                if (edge.completed == before) {
                    edge.postponed++;
                }
                Faults.stackEnds++;
            }
        } else if (hold != null) {
            exit(hold, 0);
        }
    }

    /**
     * A poll of code in the scope of {@code r <> *}: the thread stops here as long as another is in such a region.
     *
     * @param bits the constraints in whose scope the code is
     */
    @ForceInline
    public static void poll(int bits) {
        // the bits must not be read before what the thread did last: see Standstill
        VarHandle.acquireFence();
        if ((Ownership.raised & bits) != 0) {
            pollSlowly(bits);
        }
    }

    @DontInline
    private static void pollSlowly(int bits) {
        try {
            PollGate.arrive(bits);
        } catch (Throwable t) {
            // written out: see the class comment
            Error stop = null;
            try {
                stop = Faults.failed(Faults.Kind.WAIT, t);
            } catch (Throwable heldBack) {
                Faults.stackEnds++;
            }
            if (stop != null) {
                throw stop;
            }
        }
    }

    /** The hold of a frame that is inside a region without its lock: the hook knows of it until its exit. */
    public static Hold unprotected(int hookId) {
        RegionHook hook = HookTable.find(hookId);
        return hook == null ? null : hook.unprotectedHold();
    }
}
