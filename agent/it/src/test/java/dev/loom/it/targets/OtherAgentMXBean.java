package dev.loom.it.targets;

/** What another agent in the same JVM can be asked to do. */
public interface OtherAgentMXBean {

    /** Digest of the bytes of a loaded class as they are after all transformers. */
    String digest(String className);

    /** Retransforms a class all the time, as it is; until null is given. Returns how often so far. */
    long retransformAlways(String className);

    /** From now on, has its own copy of a class put in the place of what others made of it. */
    void override(String className);

    /** From now on, takes so long over each definition of a class of that name, ms; it does nothing to it. */
    void delay(String className, long millis);
}
