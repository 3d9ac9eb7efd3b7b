package dev.loom.agent.evacuation;

import dev.loom.filter.CompileResult;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;

/** What a filter would weave, as text for people. */
final class Explanation {

    private Explanation() {}

    static String of(CompileResult result) {
        StringBuilder out = new StringBuilder();
        for (Diagnostic diagnostic : result.diagnostics()) {
            out.append(diagnostic.span().line()).append(':').append(diagnostic.span().column()).append(' ')
                    .append(diagnostic.severity()).append(' ').append(diagnostic.code()).append(' ').append(diagnostic.message())
                    .append('\n');
        }
        if (result instanceof CompileResult.Compiled compiled) {
            for (MethodPlan method : compiled.plan().methods()) {
                out.append(method.method()).append('\n');
                method.regions().forEach(region -> add(out, region));
                method.events().forEach(event -> add(out, event));
            }
            compiled.plan().waitingFor().forEach(c -> out.append("waiting for class ").append(c.replace('/', '.')).append('\n'));
        }
        return out.toString();
    }

    private static void add(StringBuilder out, EventPlan event) {
        out.append("    event ").append(event.location());
        if (event.position() > 0) {
            out.append(" waits before line ").append(event.line()).append(" for event ").append(event.position()).append(" of its order,");
        }
        out.append(" has completed behind line ").append(event.line());
        if (event.countKey() != null) {
            out.append(", count ").append(event.countKey().text());
        } else if (event.count() != 1) {
            out.append(", count ").append(event.count());
        }
        if (event.key() != null) {
            out.append(", key ").append(event.key().text());
        }
        out.append('\n');
    }

    private static void add(StringBuilder out, RegionPlan region) {
        out.append("    ").append(region.shared() ? "shared region " : "region ").append(region.location());
        if (!region.isWholeMethod()) {
            out.append(" enters at line ").append(region.entryLines()).append(", leaves behind line ")
                    .append(region.exitLines().isEmpty() ? "of its returns" : region.exitLines());
        }
        if (region.key() != null) {
            out.append(", key ").append(region.key().text());
        }
        out.append('\n');
    }
}
