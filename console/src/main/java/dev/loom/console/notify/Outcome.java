package dev.loom.console.notify;

/** What came of telling somebody. */
sealed interface Outcome {

    /** It was taken. */
    record Told() implements Outcome {}

    /** It was not, and is tried again. */
    record Failed(String reason) implements Outcome {}
}
