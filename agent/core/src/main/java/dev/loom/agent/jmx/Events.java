package dev.loom.agent.jmx;

import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterEvent.Kind;
import java.util.Arrays;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.ObjectName;

/** Turns events into notifications, and describes them. */
final class Events {

    private Events() {}

    /** One entry for each kind, since a description belongs to an entry and not to a type. */
    static MBeanNotificationInfo[] describe() {
        return Arrays.stream(Kind.values())
                .map(kind -> new MBeanNotificationInfo(
                        new String[] {kind.type()}, Notification.class.getName(), description(kind)))
                .toArray(MBeanNotificationInfo[]::new);
    }

    static Notification toNotification(FilterEvent event, ObjectName source, long number, long time) {
        Notification notification = new Notification(event.kind().type(), source, number, time, event.message());
        notification.setUserData(Schemas.FILTER.toData(event.status()));
        return notification;
    }

    private static String description(Kind kind) {
        String what = switch (kind) {
            case STATE -> "A filter changed its state";
            case PROGRESS -> "The evacuation of a filter went on";
            case DEADLOCK_BROKEN -> "The deadlock guard let a thread pass; the filter is harmful";
            case WAIT_TIMED_OUT -> "A bounded wait of a filter ran out";
            case STRAGGLER -> "A thread stays in the way of a filter";
        };
        return what + "; user data is the filter's status as composite data";
    }
}
