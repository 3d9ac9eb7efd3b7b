package dev.loom.agent.filter;

import dev.loom.agent.control.FilterState;

/** What follows from an event for a filter in a state: the one table of a filter's life. */
final class FilterTransitions {

    /** What happens to a filter. */
    enum Event {
        /** Somebody installs a filter under its name. */
        INSTALL,
        /** The ticker calls for the next step. */
        TICK,
        /** The second is over in which filters in force are looked after. */
        SECOND,
        /** The last class that it waits for has come. */
        COMPLETE,
        /** No frame is left that could break it. */
        CLEAR,
        /** A frame is found that could break it. */
        UNCLEAR,
        /** Its stragglers had all the time that its policy gives them. */
        OUT_OF_PATIENCE,
        /** A class that it names does not fit it, or the JVM refuses its code. */
        MISFIT,
        /** The deadlock guard let a wait go on without the lock. */
        BROKEN,
        /** An operator accepts its stragglers. */
        ACCEPT,
        /** Somebody cancels the install. */
        CANCEL,
        /** Somebody removes it. */
        REMOVE
    }

    /** What is done about it. */
    enum Step {
        /** Nothing. */
        NOTHING,
        /** Tell who asked that it cannot be done now. */
        REFUSE,
        /** Install it as the first version under its name. */
        INSTALL,
        /** Install a version that takes the place of the one in force. */
        REPLACE,
        /** Receive classes that have come, and look at the frames in the way. */
        LOOK,
        /** Receive classes that have come. */
        RECEIVE,
        /** Check that what made it active still holds. */
        RECHECK,
        /** Enter EVACUATING. */
        EVACUATE,
        /** Enter ACTIVE or OBSERVING; a version that was replaced leaves. */
        ACTIVATE,
        /** Go back to the version before, or to none. */
        REVERSE,
        /** Go back to the version before, or leave and enter FAILED. */
        FAIL,
        /** Note that it did harm; its policy may remove it. */
        MARK_HARMFUL,
        /** Enter ACCEPTED. */
        ACCEPT,
        /** Let all hooks pass, and enter REMOVING. */
        LEAVE
    }

    private FilterTransitions() {}

    static Step step(FilterState state, Event event) {
        return switch (state) {
            case CHECKING -> checking(event);
            case WAITING_FOR_CLASS -> waitingForClass(event);
            case EVACUATING -> evacuating(event);
            case ACCEPTED -> accepted(event);
            case ACTIVE, OBSERVING -> active(event);
            case REMOVING -> removing(event);
            case REMOVED, REJECTED, FAILED -> ended(event);
        };
    }

    private static Step checking(Event event) {
        return switch (event) {
            case INSTALL, ACCEPT, CANCEL -> Step.REFUSE;
            case REMOVE -> Step.LEAVE;
            case TICK, SECOND, COMPLETE, CLEAR, UNCLEAR, OUT_OF_PATIENCE, MISFIT, BROKEN -> Step.NOTHING;
        };
    }

    private static Step waitingForClass(Event event) {
        return switch (event) {
            case INSTALL -> Step.REPLACE;
            case TICK -> Step.LOOK;
            case COMPLETE -> Step.EVACUATE;
            case MISFIT -> Step.FAIL;
            case BROKEN -> Step.MARK_HARMFUL;
            case ACCEPT -> Step.REFUSE;
            case CANCEL -> Step.REVERSE;
            case REMOVE -> Step.LEAVE;
            case SECOND, CLEAR, UNCLEAR, OUT_OF_PATIENCE -> Step.NOTHING;
        };
    }

    private static Step evacuating(Event event) {
        return switch (event) {
            case INSTALL -> Step.REFUSE;
            case TICK -> Step.LOOK;
            case CLEAR -> Step.ACTIVATE;
            case OUT_OF_PATIENCE, CANCEL -> Step.REVERSE;
            case MISFIT -> Step.FAIL;
            case BROKEN -> Step.MARK_HARMFUL;
            case ACCEPT -> Step.ACCEPT;
            case REMOVE -> Step.LEAVE;
            case SECOND, COMPLETE, UNCLEAR -> Step.NOTHING;
        };
    }

    private static Step accepted(Event event) {
        return switch (event) {
            case INSTALL -> Step.REPLACE;
            case OUT_OF_PATIENCE -> Step.NOTHING; // an operator has said that they may stay
            default -> evacuating(event);
        };
    }

    private static Step active(Event event) {
        return switch (event) {
            case INSTALL -> Step.REPLACE;
            case TICK -> Step.RECEIVE;
            case SECOND -> Step.RECHECK;
            case UNCLEAR -> Step.EVACUATE;
            case MISFIT -> Step.FAIL;
            case BROKEN -> Step.MARK_HARMFUL;
            case ACCEPT, CANCEL -> Step.REFUSE;
            case REMOVE -> Step.LEAVE;
            case COMPLETE, CLEAR, OUT_OF_PATIENCE -> Step.NOTHING;
        };
    }

    private static Step removing(Event event) {
        return switch (event) {
            case INSTALL, ACCEPT, CANCEL -> Step.REFUSE;
            case TICK, SECOND, COMPLETE, CLEAR, UNCLEAR, OUT_OF_PATIENCE, MISFIT, BROKEN, REMOVE -> Step.NOTHING;
        };
    }

    private static Step ended(Event event) {
        return switch (event) {
            case INSTALL -> Step.INSTALL;
            case ACCEPT, CANCEL -> Step.REFUSE;
            case TICK, SECOND, COMPLETE, CLEAR, UNCLEAR, OUT_OF_PATIENCE, MISFIT, BROKEN, REMOVE -> Step.NOTHING;
        };
    }
}
