package dev.loom.console.page;

import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.deployment.JvmState;
import dev.loom.console.live.LiveFilter;
import org.jspecify.annotations.Nullable;

/**
 * A deployment in one JVM, as a row of its page. {@link TargetPage.Filter}, a row of a JVM's page, shows much the same from the other side.
 *
 * @param ended whether it is over there, so that its progress says nothing
 * @param hits null where the JVM has not said
 */
public record JvmRow(
        long id,
        String name,
        String state,
        boolean ended,
        double progress,
        String progressKind,
        int stragglers,
        boolean harmful,
        String cause,
        @Nullable Long hits,
        @Nullable Long contended,
        @Nullable Double overhead) {


    static JvmRow of(JvmProgress jvm, boolean observe, @Nullable LiveFilter live) {
        JvmState state = jvm.reachable() || jvm.state().isEnd() ? jvm.state() : JvmState.UNREACHABLE;
        return new JvmRow(
                jvm.targetId(),
                jvm.targetName(),
                state.name(),
                state.isEnd(),
                jvm.progress(),
                DeploymentRow.kind(state.name(), observe, jvm.progress()),
                jvm.stragglers(),
                jvm.harmful(),
                jvm.cause(),
                live == null ? null : Long.valueOf(live.hits()),
                live == null ? null : Long.valueOf(observe ? live.overlaps() : live.contended()),
                live == null ? null : Double.valueOf(live.overheadPercent()));
    }
}
