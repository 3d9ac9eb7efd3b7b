package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.HookLinker;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.LoomCode;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/** The hook of a region {@code r <> *}, and how such a region is entered. See {@link dev.loom.bootstrap.Hooks} for the end of the stack. */
final class StandstillHook extends RegionHook {

    private static final MethodHandle ENTER =
            HookLinker.entry(MethodHandles.lookup(), "enter", StandstillHook.class, StandstillLock.class);

    StandstillHook(int id, StandstillLock lock, int side) {
        super(id, lock, side, false);
    }

    @Override
    protected MethodHandle plainEntry() {
        return MethodHandles.insertArguments(ENTER, 1, this, lock());
    }

    static Hold enter(Hold hold, StandstillHook hook, StandstillLock lock) {
        if (hold != null) {
            return hold;
        }
        int gear = hook.gear;
        if (gear == PASS) {
            return null;
        }
        Thread me = Thread.currentThread();
        // without a call: what fails in front of the handler would come out of the hook
        int postponed = lock.hold.postponed;
        int before = Ownership.owner != me ? 0 : postponed != 0 ? postponed - 1 : lock.hold.depth;
        try {
            if (LoomCode.isInside(me)) {
                return null;
            }
            if (gear != OBSERVE) {
                return EntryQueue.enter(lock, hook, me);
            }
            ObservedStay stay = ObservedStays.observe(lock, hook, me);
            stay.fresh = false;
            return stay;
        } catch (Throwable t) {
            // written out: see Hooks
            Error stop = null;
            try {
                stop = giveBack(lock, before, gear == OBSERVE, me, t);
            } catch (Throwable heldBack) {
                Faults.stackEnds++;
                // not given back if there was no stack for the call: whoever waits makes up for it
                if (Ownership.owner == me && lock.hold.depth > before) {
                    lock.hold.postponed = before + 1;
                }
                for (ObservedStay stay = ObservedStays.stays; stay != null; stay = stay.next) {
                    if (stay.thread == me && stay.fresh) {
                        stay.postponed = stay.depth;
                    }
                }
            }
            if (stop != null) {
                throw stop;
            }
            return null;
        }
    }

    @DontInline
    @ReservedStackAccess
    private static Error giveBack(StandstillLock lock, int before, boolean observed, Thread me, Throwable fault) {
        if (observed) {
            ObservedStays.undoObserved(me);
        } else {
            Ownership.exit(lock, before);
        }
        return Faults.failed(Faults.Kind.ENTER, fault);
    }
}
