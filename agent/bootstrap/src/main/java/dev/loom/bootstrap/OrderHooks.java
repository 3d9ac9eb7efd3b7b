package dev.loom.bootstrap;

import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;

/**
 * What the call sites in front of events are linked to; each is called with the constants of its site. The first event of an order
 * never waits. Where the latch is open that an event waits for, it takes no lock and allocates nothing.
 */
final class OrderHooks {

    private OrderHooks() {}

    static Hold arriveUnkeyed(Hold hold, EventHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyKind.NONE, 0, null);
    }

    static Hold arriveReference(Hold hold, Object key, EventHook hook, OrderState order) {
        if (key == null) {
            return arrive(hold, hook, order, KeyKind.NONE, 0, null);
        }
        int kind = KeyKind.of(key);
        return arrive(hold, hook, order, kind, KeyKind.bits(kind, key), KeyKind.reference(kind, key));
    }

    @ForceInline
    static Hold arriveIntegral(Hold hold, long key, EventHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyKind.INTEGRAL, key, null);
    }

    @ForceInline
    static Hold arriveFloating(Hold hold, double key, EventHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyKind.FLOATING, KeyKind.bits(key), null);
    }

    @ForceInline
    static Hold arriveCharacter(Hold hold, char key, EventHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyKind.CHARACTER, key, null);
    }

    @ForceInline
    static Hold arriveBoolean(Hold hold, boolean key, EventHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyKind.BOOLEAN, KeyKind.bits(key), null);
    }

    /** How often the event has to complete, read at its arrival; anything but a whole number leaves it unread. */
    static Hold countReference(Hold hold, Object count, EventHook hook, OrderState order) {
        return count != null && KeyKind.isWhole(count.getClass())
                ? countIntegral(hold, ((Number) count).longValue(), hook, order)
                : hold;
    }

    static Hold countIntegral(Hold hold, long count, EventHook hook, OrderState order) {
        if (hold instanceof EventHold && ((EventHold) hold).edge != null && ((EventHold) hold).count == OrderState.UNREAD) {
            try {
                return new EventHold(hook, ((EventHold) hold).edge, Math.max(0, count));
            } catch (Throwable t) {
                Faults.caught(Faults.Kind.ENTER, t);
            }
        }
        return hold;
    }

    static Hold countFloating(Hold hold, double count, EventHook hook, OrderState order) {
        return hold;
    }

    static Hold countCharacter(Hold hold, char count, EventHook hook, OrderState order) {
        return hold;
    }

    static Hold countBoolean(Hold hold, boolean count, EventHook hook, OrderState order) {
        return hold;
    }

    private static Hold arrive(Hold hold, EventHook hook, OrderState order, int kind, long bits, Object reference) {
        if (hold != null) {
            return hold;
        }
        if (hook.gear == RegionHook.PASS) {
            return null;
        }
        try {
            Thread me = Thread.currentThread();
            hook.events.arrived(me);
            OrderKey key = order.key(kind, bits, reference);
            int event = hook.side();
            if (event > 0 && !key.edges[event - 1].open) {
                key = arriveEarly(key, hook, order, kind, bits, reference, me);
            }
            if (hook.gear == RegionHook.PASS) {
                return null;
            }
            if (event == key.edges.length || key.edges[event].open) {
                return hook.passedHold;
            }
            return key.edges[event].token(hook);
        } catch (Throwable t) {
            Error stop = null;
            try {
                stop = Hooks.failed(Faults.Kind.ENTER, t);
            } catch (Throwable heldBack) {
                Faults.stackEnds++;
            }
            if (stop != null) {
                throw stop;
            }
            return null;
        }
    }

    /** Waits, or counts; returns the state of the key as it then is. */
    @DontInline
    private static OrderKey arriveEarly(
            OrderKey first, EventHook hook, OrderState order, int kind, long bits, Object reference, Thread me) {
        OrderKey key = first;
        while (true) {
            OrderEdge edge = key.edges[hook.side() - 1];
            int answer;
            switch (hook.gear) {
                case RegionHook.PASS:
                    return key;
                case RegionHook.OBSERVE:
                    answer = edge.observe(hook.events);
                    break;
                default:
                    answer = edge.pass();
                    if (answer == OrderEdge.CLOSED) {
                        answer = await(edge, hook, order, me);
                    }
            }
            if (answer != OrderEdge.FORGOTTEN) {
                return key;
            }
            key = order.key(kind, bits, reference);
        }
    }

    private static int await(OrderEdge edge, EventHook hook, OrderState order, Thread me) {
        long since = System.nanoTime();
        Wait wait = new Wait(order, hook, me, since);
        int answer = OrderEdge.PASSED;
        boolean passed = false;
        try {
            if (WaitRegistry.begin(wait)) {
                wait.waitFor(edge);
                answer = edge.enqueue(wait);
                passed = answer == OrderEdge.PASSED || answer == OrderEdge.CLOSED && wait.await(order.within) != null;
            }
        } finally {
            wait.ended = true;
            wait.conclude(passed);
        }
        if (wait.timedOut()) {
            hook.events.timedOut();
            edge.giveUp();
        }
        return answer == OrderEdge.FORGOTTEN ? answer : OrderEdge.PASSED;
    }
}
