package dev.loom.bootstrap;

import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.lock.ExclusiveLock;
import dev.loom.bootstrap.lock.KeyedLock;
import dev.loom.bootstrap.order.OrderState;
import dev.loom.bootstrap.standstill.StandstillLock;

/** Makes the locks of constraints. For the agent, not for woven code. */
public final class ConstraintLocks {

    private ConstraintLocks() {}

    /**
     * Makes the cheapest lock that means what a mutual exclusion says.
     *
     * @param name the constraint as a person reads it
     * @param keyed whether regions with different keys are independent
     * @param shared for each side, whether its own threads may be inside together
     */
    public static ConstraintLock of(String name, boolean keyed, boolean... shared) {
        for (boolean some : shared) {
            if (some) {
                return new KeyedLock(name, keyed, shared.length, false);
            }
        }
        return keyed ? new KeyedLock(name, true, 0, false) : new ExclusiveLock(name);
    }

    /**
     * Makes the state of an order constraint {@code e1 > e2 > …}.
     *
     * @param name the constraint as a person reads it
     * @param keyed whether events with different keys are independent
     * @param events how many events there are, 2 or more
     * @param each whether each event uses up the completions that it waited for
     * @param within bound of a wait, ns
     */
    public static ConstraintLock order(String name, boolean keyed, int events, boolean each, long within) {
        return new OrderState(name, keyed, events, each, within);
    }

    /** Makes the lock of {@code r <> *}: who has it is alone in the scope, see {@link dev.loom.bootstrap.standstill.Standstill}. */
    public static ConstraintLock unilateral(String name) {
        return new StandstillLock(name);
    }
}
