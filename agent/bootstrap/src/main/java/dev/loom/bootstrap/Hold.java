package dev.loom.bootstrap;

/**
 * What a frame acquired at the entry of a region; woven code keeps it in a local variable until the frame leaves the region.
 * {@code null} stands for nothing acquired.
 *
 * <p>A hold belongs to the thread that acquired it: on any other thread, and once it was given back, its methods do nothing.
 */
public abstract class Hold {

    /** Levels held, where the hold itself counts them. */
    public int depth;
    /** Goes up when levels are released. */
    public int changes;
    /** Depth to which an exit had to be postponed for want of stack, 0 if none was; for whoever needs the lock next. */
    public int postponed;

    protected Hold() {}

    /** Levels held now, counted from 1; 0 if there is nothing to release. For the thread that acquired it. */
    public abstract int depth();

    /** Releases down to {@code depth - 1} levels; one level if {@code depth} is not positive. */
    public abstract void exit(int depth);

    /** Releases the one level {@code depth}, whatever was acquired after it. */
    public abstract void exitOne(int depth);
}
