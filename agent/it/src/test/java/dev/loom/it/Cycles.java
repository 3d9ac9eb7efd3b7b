package dev.loom.it;

/** How long tests run: short in a build, long with {@code -Dloom.long=true}. */
final class Cycles {

    /** Whether there is time. */
    static final boolean IS_LONG = Boolean.getBoolean("loom.long");
    /** Installs and removals in a test of many. */
    static final int SHORT = Integer.getInteger("loom.cycles", IS_LONG ? 1_000 : 40);

    private Cycles() {}
}
