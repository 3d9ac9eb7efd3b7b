package dev.loom.console.rollout;

import java.time.Duration;

/** One step of a roll-out. */
sealed interface Step {

    /** To this many JVMs in all. */
    record Jvms(int jvms) implements Step {}

    /** To this share of the JVMs, at least one. */
    record Percent(int percent) implements Step {}

    /** Nothing, for so long. */
    record Wait(Duration time) implements Step {}

    /** Until somebody approves it who did not order the roll-out. */
    record Approve() implements Step {}

    /** From observing to enforcing. */
    record Enforce() implements Step {}

    /** How many JVMs it shall be in, of so many; 0 where the step is not about that. */
    default int jvmsOf(int all) {
        if (this instanceof Jvms jvms) {
            return Math.min(all, jvms.jvms());
        }
        return this instanceof Percent percent ? (int) Math.min(all, Math.max(1L, ((long) all * percent.percent() + 99) / 100)) : 0;
    }

    /** For people. */
    default String text() {
        if (this instanceof Jvms jvms) {
            return jvms.jvms() == 1 ? "1 JVM" : jvms.jvms() + " JVMs";
        } else if (this instanceof Percent percent) {
            return percent.percent() + " % of the JVMs";
        } else if (this instanceof Wait wait) {
            return "wait " + Times.text(wait.time());
        }
        return this instanceof Approve ? "approval by another person" : "enforce";
    }
}
