package dev.loom.bootstrap.lock;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.HookLinker;
import dev.loom.bootstrap.hook.KeyKind;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;

/**
 * The hook of a region whose lock is an {@link ExclusiveLock}, and how such a region is entered. See {@link dev.loom.bootstrap.Hooks} for the end of the
 * stack.
 */
final class ExclusiveHook extends ExclusionHook {

    private static final MethodHandle ENTER = HookLinker.entry(
            MethodHandles.lookup(), "enter", ExclusiveHook.class, ExclusiveLock.Sync.class, ExclusiveHold.class);

    /** What a frame keeps that came in by this hook. */
    private final ExclusiveHold token;

    ExclusiveHook(int id, ExclusiveLock lock, int side) {
        super(id, lock, side, false);
        token = new ExclusiveHold(lock.sync);
    }

    @Override
    protected MethodHandle plainEntry() {
        return MethodHandles.insertArguments(ENTER, 1, this, token.sync, token);
    }

    @ForceInline
    private static Hold enter(Hold hold, ExclusiveHook hook, ExclusiveLock.Sync sync, ExclusiveHold token) {
        if (hold != null) {
            return hold;
        }
        int gear = hook.gear;
        if (gear == PASS) {
            return null;
        }
        Thread me = Thread.currentThread();
        boolean outside = sync.owner != me;
        try {
            if (gear == ENFORCE) {
                if (!outside) {
                    sync.more++;
                    hook.hits++;
                    return token;
                }
                if (ExclusiveLock.Sync.STATE.compareAndSet(sync, 0, hook.id)) {
                    sync.owner = me;
                    hook.hits++;
                    // read behind the state: a hook that was turned off acquires nothing, removal depends on that
                    if (hook.gear != PASS) {
                        return token;
                    }
                    sync.release(1);
                    return null;
                }
            }
            return enterSlowly(hook, sync, token, me);
        } catch (Throwable t) {
            if (outside && sync.owner == me) {
                // acquired, and then it failed; whoever waits will look again by itself
                sync.more = 0;
                sync.owner = null;
                sync.state = 0;
            }
            // written out: see Hooks
            Error stop = null;
            try {
                stop = Faults.failed(Faults.Kind.ENTER, t);
            } catch (Throwable heldBack) {
                Faults.stackEnds++;
            }
            if (stop != null) {
                throw stop;
            }
            return null;
        }
    }

    @DontInline
    private static Hold enterSlowly(ExclusiveHook hook, ExclusiveLock.Sync sync, ExclusiveHold token, Thread me) {
        switch (hook.gear) {
            case ENFORCE:
                if (!sync.enter(hook, me)) {
                    return null;
                }
                hook.hits++;
                return token;
            case OBSERVE:
                return StripedEntry.observe(hook, KeyKind.NONE, 0, null, me);
            default:
                return null;
        }
    }
}
