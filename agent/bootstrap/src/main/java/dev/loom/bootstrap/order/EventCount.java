package dev.loom.bootstrap.order;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.KeyedEntry;

/** How often an event has to complete, where that is read at its arrival: anything but a whole number leaves it unread. */
final class EventCount implements KeyedEntry {

    EventCount() {}

    @Override
    public Hold enter(Hold hold, int kind, long bits, Object reference) {
        if (kind == KeyKind.INTEGRAL && hold instanceof EventHold arrived && arrived.edge != null && arrived.count == OrderState.UNREAD) {
            try {
                return new EventHold(arrived.hook(), arrived.edge, Math.max(0, bits));
            } catch (Throwable t) {
                Faults.caught(Faults.Kind.ENTER, t);
            }
        }
        return hold;
    }
}
