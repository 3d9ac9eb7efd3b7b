package dev.loom.console.page;

import dev.loom.console.jmx.AppBean;
import dev.loom.console.live.LiveFilter;
import dev.loom.console.target.TargetState;
import dev.loom.console.target.TargetView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JVM on its own page.
 *
 * @param next what to do about the error
 * @param remarks what its agent said that was cut or left out
 * @param attached whether its agent came after its start, which limits what it can do
 * @param bean where its application counts failures; null if nowhere
 * @param sameAs the entry of the same JVM that counts instead of this one; null for none
 * @param canChange whether its name, labels and password are kept here; an agent that registers says its own
 */
public record TargetPage(
        long id,
        String name,
        String state,
        Map<String, String> labels,
        @Nullable Instant lastSeen,
        String error,
        String next,
        boolean attached,
        List<String> remarks,
        List<Filter> filters,
        Map<String, String> agentFacts,
        Map<String, Integer> skipped,
        Map<String, String> jvmFacts,
        @Nullable Instant startedAt,
        @Nullable AppBean bean,
        boolean canChange,
        @Nullable Long sameAs) {

    /** The labels as selectors and the form have them. */
    public String labelText() {
        return labels.entrySet().stream().map(l -> l.getKey() + "=" + l.getValue()).collect(Collectors.joining(","));
    }

    /** A filter in it. */
    public record Filter(
            @Nullable Long deployment,
            String name,
            String state,
            boolean ended,
            double progress,
            String progressKind,
            int stragglers,
            boolean harmful,
            String cause,
            @Nullable Long hits,
            @Nullable Double overhead) {

        static Filter of(LiveFilter f) {
            boolean ended = TargetRow.isEnd(f.state());
            // a filter that waits for its classes has no frame in its way, and is not in force either
            double progress = f.state().equals("WAITING_FOR_CLASS") ? 0 : f.progress();
            return new Filter(
                    f.deployment(), f.filter(), f.state(), ended, progress, DeploymentRow.kind(f.state(), f.mode().equals("observe"), progress),
                    ended ? 0 : f.stragglers().size(), f.harmful(), f.cause(), ended ? null : Long.valueOf(f.hits()),
                    ended ? null : Double.valueOf(f.overheadPercent()));
        }
    }

    static TargetPage of(TargetView t, List<LiveFilter> live) {
        TargetView.Agent agent = t.agent();
        String error = t.error() == null ? "" : t.error();
        return new TargetPage(
                t.id(),
                t.name(),
                t.state().name(),
                t.labels(),
                t.lastSeen(),
                error,
                t.hint() == null ? t.state() == TargetState.UNREACHABLE ? "The console tries again by itself." : "" : t.hint(),
                agent != null && agent.mode().equals("ATTACHED"),
                agent == null ? List.of() : agent.remarks(),
                live.stream().map(Filter::of).toList(),
                agent == null ? Map.of() : agentFacts(agent),
                agent == null ? Map.of() : agent.skippedMethods(),
                jvmFacts(t),
                t.jvm() == null ? null : t.jvm().startedAt(),
                t.app() == null ? null : t.app().bean(),
                !t.source().equals("REGISTERED"),
                t.sameAs());
    }

    private static Map<String, String> agentFacts(TargetView.Agent agent) {
        Format format = Format.INSTANCE;
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Version", agent.version());
        facts.put("In since", agent.mode().equals("ATTACHED") ? "attached " + format.millis(agent.uptimeMillis()) + " ago"
                : "the JVM's start");
        facts.put("Classes with update points", format.count(agent.instrumentedClasses()));
        facts.put("Methods with update points", format.count(agent.instrumentedMethods()));
        facts.put("Time spent on that", format.count(agent.transformTimeMillis()) + " ms");
        facts.put("Overhead", format.percent(agent.overheadPercent()));
        facts.put("Faults of its own", format.count(agent.agentFaults()));
        return facts;
    }

    private static Map<String, String> jvmFacts(TargetView t) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (t.jvm() != null) {
            facts.put("Java", t.jvm().version() + ", " + t.jvm().name());
        }
        facts.put("Host", t.host());
        if (t.pid() != null) {
            facts.put("Process", String.valueOf(t.pid()));
        }
        facts.put("In the list", switch (t.source()) {
            case "REGISTERED" -> "its agent registered";
            case "LOCAL" -> "attached on this machine";
            default -> "by its JMX address";
        } + ", by " + t.createdBy());
        if (!t.jmxUrl().isEmpty()) {
            facts.put("Address", t.jmxUrl());
        }
        if (t.app() != null) {
            facts.put("Its own count", Format.INSTANCE.count(t.app().failures()) + " failures in "
                    + Format.INSTANCE.count(t.app().operations()) + " operations");
        }
        return facts;
    }
}
