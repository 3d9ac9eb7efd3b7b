package dev.loom.agent.control;

/**
 * Something that happened to a filter; becomes a notification.
 *
 * @param status the filter at that moment
 */
public record FilterEvent(Kind kind, String message, FilterStatus status) {

    /** What happened. */
    public enum Kind {
        STATE("dev.loom.filter.state"),
        PROGRESS("dev.loom.filter.progress"),
        DEADLOCK_BROKEN("dev.loom.filter.deadlock"),
        WAIT_TIMED_OUT("dev.loom.filter.timeout"),
        STRAGGLER("dev.loom.filter.straggler");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** The JMX notification type. */
        public String type() {
            return type;
        }
    }
}
