package dev.loom.it.targets;

/** What another agent in the same JVM can be asked to do. */
public interface OtherAgentMXBean {

    /** Digest of the bytes of a loaded class as they are after all transformers. */
    String digest(String className);

    /** Retransforms a class once, as it is; how long that took, ns. */
    long retransform(String className);

    /** Redefines a class with a class file. */
    void redefine(String className, String file);

    /** Retransforms a class all the time, as it is; until null is given. Returns how often so far. */
    long retransformAlways(String className);

    /** From now on, has its own copy of a class put in the place of what others made of it. */
    void override(String className);

    /** From now on, takes so long over each definition of a class of that name, ms; it does nothing to it. */
    void delay(String className, long millis);

    /** From now on, does not end the transformation of a loaded class, until null is given or a minute is over. */
    void hold(String className);

    /** Whether it is in the middle of such a transformation. */
    boolean isHolding();
}
