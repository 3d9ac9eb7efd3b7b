package dev.loom.console.load;

/** What {@link Shop} tells of itself. */
public interface ShopMBean {

    /** Errors so far. */
    long getErrors();
}
