/** Recordings of JFR, brought into the text that a log or {@code jstack} would have. Start at {@link dev.loom.filter.recording.Recording}. No agent comes here: it is given the text. */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.recording;
