/**
 * A filter in a JVM right now: state, evacuation, stragglers, hooks. {@link dev.loom.console.live.LiveService} reads it from
 * memory; {@link dev.loom.console.live.LiveEvents} turns its changes into events.
 */
@NullMarked
package dev.loom.console.live;

import org.jspecify.annotations.NullMarked;
