package dev.loom.agent.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one filter in this JVM at one moment.
 *
 * @param filter its name
 * @param state null after a check that found no error
 * @param progress share of the first suspects that are gone, 0 to 1
 * @param mode {@code enforce} or {@code observe}
 * @param enabledSince epoch ms of the install; 0 if it never was
 * @param digest {@code sha256:…} of the text
 * @param harmful whether the deadlock guard had to break a wait
 * @param waitingFor classes that are not loaded yet
 * @param cause why it failed, empty otherwise
 * @param accepted who accepted stragglers and why, empty otherwise
 * @param overheadPercent time in hooks and waits as a share of the application's CPU time, percent
 * @param shells frames left behind that only forward to their continuation, or stay in neutral code
 */
public record FilterStatus(
        String filter,
        @Nullable FilterState state,
        double progress,
        String mode,
        long enabledSince,
        String digest,
        String text,
        boolean harmful,
        List<String> waitingFor,
        String cause,
        String accepted,
        double overheadPercent,
        int shells,
        List<Remark> diagnostics,
        List<Straggler> stragglers,
        List<HookCounters> hooks) {}
