package dev.loom.console.page;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that wants a look.
 *
 * @param bad whether it is wrong rather than unfinished
 * @param why what it means and what to do
 */
public record Attention(boolean bad, String icon, String what, String why, String href, @Nullable Instant since) {}
