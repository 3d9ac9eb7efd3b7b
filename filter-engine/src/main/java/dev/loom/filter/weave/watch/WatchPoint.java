package dev.loom.filter.weave.watch;

/**
 * A place that is watched: an instruction that uses what several threads may share.
 *
 * @param type internal name of the class that it is in
 * @param method name and descriptor
 * @param index place of the instruction in the unwoven body
 * @param line 0 if the class does not tell
 * @param variable what it uses: {@code com/acme/Account.balance} for a field, with the class that declares it; for a call, a name for all
 *     types whose objects may be the same
 * @param target what it uses, for people: {@code com.acme.Account.balance}, {@code java.util.Map.put}
 * @param isStatic whether the field belongs to its class
 * @param locked whether the method holds a monitor there
 */
public record WatchPoint(
        String type, String method, int index, int line, Kind kind, String variable, String target, Use use, boolean isStatic, boolean locked) {

    /** What is used. */
    public enum Kind {
        FIELD,
        /** A volatile field: two threads at it are no data race, but may be a torn step. */
        VOLATILE,
        /** A field by an updater or a {@code VarHandle} of which the class does not tell the field: the handle stands for it. */
        HANDLE,
        /** A call on an object of the JDK. */
        CALL
    }

    /**
     * What is done with it.
     *
     * @param reads whether what comes back is used
     * @param writes whether it is changed
     * @param checks whether the change is made only if things are still as they were
     * @param isKeyed whether its first argument says what within the object it is about
     */
    public record Use(boolean reads, boolean writes, boolean checks, boolean isKeyed) {}

    /** Whether it changes what it uses. */
    public boolean writes() {
        return use.writes();
    }
}
