/**
 * What all answers that last share: who listens ({@link dev.loom.console.stream.Callers}), how many may ({@link
 * dev.loom.console.stream.Slots}), and waiting without a thread ({@link dev.loom.console.stream.LongPolls}).
 */
@NullMarked
package dev.loom.console.stream;

import org.jspecify.annotations.NullMarked;
