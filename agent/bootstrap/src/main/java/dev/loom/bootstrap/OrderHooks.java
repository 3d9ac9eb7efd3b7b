package dev.loom.bootstrap;

import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;

/**
 * What the call sites in front of events are linked to; each is called with the constants of its site. The first event of an order
 * never waits. Where the latch is open that an event waits for, it takes no lock and allocates nothing.
 */
final class OrderHooks {

    private OrderHooks() {}

    static Hold arriveUnkeyed(Hold hold, RegionHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyedLock.NONE, 0, null);
    }

    static Hold arriveReference(Hold hold, Object key, RegionHook hook, OrderState order) {
        if (key == null) {
            return arrive(hold, hook, order, KeyedLock.NONE, 0, null);
        }
        Class<?> type = key.getClass();
        if (type == String.class) {
            return arrive(hold, hook, order, KeyedLock.STRING, 0, key);
        }
        if (type == Long.class || type == Integer.class || type == Short.class || type == Byte.class) {
            return arrive(hold, hook, order, KeyedLock.INTEGRAL, ((Number) key).longValue(), null);
        }
        if (type == Double.class || type == Float.class) {
            return arriveFloating(hold, ((Number) key).doubleValue(), hook, order);
        }
        if (type == Character.class) {
            return arrive(hold, hook, order, KeyedLock.CHARACTER, (Character) key, null);
        }
        if (type == Boolean.class) {
            return arriveBoolean(hold, (Boolean) key, hook, order);
        }
        return arrive(hold, hook, order, KeyedLock.REFERENCE, 0, key);
    }

    @ForceInline
    static Hold arriveIntegral(Hold hold, long key, RegionHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyedLock.INTEGRAL, key, null);
    }

    @ForceInline
    static Hold arriveFloating(Hold hold, double key, RegionHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyedLock.FLOATING, Double.doubleToLongBits(key), null);
    }

    @ForceInline
    static Hold arriveCharacter(Hold hold, char key, RegionHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyedLock.CHARACTER, key, null);
    }

    @ForceInline
    static Hold arriveBoolean(Hold hold, boolean key, RegionHook hook, OrderState order) {
        return arrive(hold, hook, order, KeyedLock.BOOLEAN, key ? 1 : 0, null);
    }

    /** How often the event has to complete, read at its arrival; anything but a whole number leaves it unread. */
    static Hold countReference(Hold hold, Object count, RegionHook hook, OrderState order) {
        Class<?> type = count == null ? null : count.getClass();
        return type == Long.class || type == Integer.class || type == Short.class || type == Byte.class
                ? countIntegral(hold, ((Number) count).longValue(), hook, order)
                : hold;
    }

    static Hold countIntegral(Hold hold, long count, RegionHook hook, OrderState order) {
        if (hold instanceof EventHold && ((EventHold) hold).edge != null && ((EventHold) hold).count == OrderState.UNREAD) {
            try {
                return new EventHold(hook, ((EventHold) hold).edge, Math.max(0, count));
            } catch (Throwable t) {
                Faults.caught(Faults.Kind.ENTER, t);
            }
        }
        return hold;
    }

    static Hold countFloating(Hold hold, double count, RegionHook hook, OrderState order) {
        return hold;
    }

    static Hold countCharacter(Hold hold, char count, RegionHook hook, OrderState order) {
        return hold;
    }

    static Hold countBoolean(Hold hold, boolean count, RegionHook hook, OrderState order) {
        return hold;
    }

    private static Hold arrive(Hold hold, RegionHook hook, OrderState order, int kind, long bits, Object reference) {
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
            OrderKey first, RegionHook hook, OrderState order, int kind, long bits, Object reference, Thread me) {
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

    private static int await(OrderEdge edge, RegionHook hook, OrderState order, Thread me) {
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
