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
 * @param overheadPercent the next two together, at most 100
 * @param cpuPercent time in hooks, percent of the CPU time that the JVM used since the last look, which is each second
 * @param waitPercent time in waits, of all threads together, percent of the time that passed; may be above 100
 * @param deadlocks threads that were deadlocked before the install: who waits for whom, a line each
 * @param waits threads that wait in its hooks now, the longest first, 100 at most
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
        double cpuPercent,
        double waitPercent,
        int shells,
        List<Remark> diagnostics,
        List<Straggler> stragglers,
        List<HookCounters> hooks,
        List<OngoingWait> waits,
        List<String> deadlocks) {}
