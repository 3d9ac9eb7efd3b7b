package dev.loom.filter.prepare;

/** What became of a class file that was to be prepared. */
public sealed interface Prepared {

    /** It has its update points now. */
    record Done(byte[] classFile, int methods) implements Prepared {}

    /** It has no place for an update point: it stays as it is, and needs nothing when it is loaded. */
    record NotNeeded() implements Prepared {}

    /** It was prepared before, in the form that this version of Loom knows. */
    record Already() implements Prepared {}

    /** It was prepared before by another version of Loom. */
    record OtherVersion(int version) implements Prepared {}

    /** It cannot be prepared before it is loaded, and stays as it is. */
    record Left(String why) implements Prepared {}
}
