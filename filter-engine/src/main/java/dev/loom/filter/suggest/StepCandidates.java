package dev.loom.filter.suggest;

import dev.loom.filter.classes.ClassSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Proposes filters for a step that another thread tore: what lies between its two parts, or the method as a whole, apart from what the other did. */
public final class StepCandidates {

    /** Frames of the other's stack that are tried, from the innermost that has to do with the step outwards. */
    private static final int OUTWARDS = 5;

    private final FrameMethods bodies;
    private final String about;
    /** Whether all that the steps call is in the class of the method: then it is one object that both threads use. */
    private final boolean isOwn;
    private final Place first;
    private final int lastLine;
    /** By constraint. */
    private final Map<String, Candidate> found = new LinkedHashMap<>();

    private StepCandidates(FrameMethods bodies, String about, boolean isOwn, Place first, int lastLine) {
        this.bodies = bodies;
        this.about = about;
        this.isOwn = isOwn;
        this.first = first;
        this.lastLine = lastLine;
    }

    /**
     * Proposes filters, the best first.
     *
     * @param first stack at the first part
     * @param depth frames in it above the method that makes both parts
     * @param second stack at the second part
     * @param secondDepth likewise
     * @param between stack of the other thread
     * @param classes those of the application
     * @return empty if no filter can be made of these classes
     */
    public static List<Candidate> of(
            StackTrace first, int depth, StackTrace second, int secondDepth, StackTrace between, ClassSource classes) {
        FrameMethods bodies = new FrameMethods(classes);
        List<Place> call = bodies.places(from(first, depth));
        List<Place> others = bodies.places(between).stream().filter(p -> !p.isConstruction()).toList();
        if (call.isEmpty() || others.isEmpty() || call.get(0).isConstruction()) {
            return List.of();
        }
        Place one = call.get(0);
        List<Place> inner = new ArrayList<>(bodies.places(above(first, depth)));
        inner.addAll(bodies.places(above(second, secondDepth)));
        boolean isOwn = inner.stream().allMatch(p -> bodies.isRelated(p.owner(), one.owner()));
        StepCandidates candidates = new StepCandidates(
                bodies, Candidates.about(List.of(first, between)), isOwn, one, second.frames().get(secondDepth).line());
        candidates.propose(others);
        List<Candidate> found = new ArrayList<>(candidates.found.values());
        // where the step is part of a greater one: what both have in common further out
        Candidates.of(List.of(from(first, depth), between), classes).stream()
                .filter(wider -> found.stream().noneMatch(f -> f.text().equals(wider.text()))).forEach(found::add);
        return List.copyOf(found);
    }

    private static StackTrace from(StackTrace trace, int depth) {
        return new StackTrace(trace.name(), trace.state(), trace.frames().subList(depth, trace.frames().size()), List.of(), false);
    }

    private static StackTrace above(StackTrace trace, int depth) {
        return new StackTrace(trace.name(), trace.state(), trace.frames().subList(0, depth), List.of(), false);
    }

    private void propose(List<Place> others) {
        boolean hasLines = first.line() > 0 && lastLine >= first.line() && FrameMethods.hasLine(first.method(), lastLine);
        String lines = hasLines ? "{ " + first.member() + ":" + first.line() + " ; " + first.member() + ":" + lastLine + " }" : "";
        Place same = others.stream().filter(first::isSame).findFirst().orElse(null);
        if (same != null) {
            if (hasLines && same.line() >= first.line() && same.line() <= lastLine) {
                atomic("from the one part of the step to the other", lines);
            }
            if (!first.isLoop()) {
                atomic("the method of which both parts of the step are", first.member());
            }
            return;
        }
        int from = 0;
        while (from < others.size() && Candidates.keys(first, others.get(from), bodies) == null) {
            from++;
        }
        from = from == others.size() ? 0 : from;
        for (Place other : others.subList(from, Math.min(others.size(), from + OUTWARDS))) {
            if (!other.isLoop()) {
                if (hasLines) {
                    pair("from the one part of the step to the other, and what came in between", lines, other);
                }
                if (!first.isLoop()) {
                    pair("the method of which both parts of the step are, and what came in between", first.member(), other);
                }
            }
        }
    }

    private void atomic(String why, String region) {
        boolean isKeyed = isOwn && !first.isStatic();
        if (isKeyed) {
            add(why + ", one object at a time", "atomic " + region + " by this");
        }
        add(why + (isKeyed ? ", all objects together" : ""), "atomic " + region);
    }

    private void pair(String why, String region, Place other) {
        String @Nullable [] keys = isOwn ? Candidates.keys(first, other, bodies) : null;
        if (keys != null) {
            add(why + ", one object at a time", region + " by " + keys[0] + " <> " + other.member() + " by " + keys[1]);
        }
        add(why + (keys != null ? ", all objects together" : ""), region + " <> " + other.member());
    }

    private void add(String why, String constraint) {
        found.putIfAbsent(constraint, Candidates.candidate(about, why, constraint));
    }
}
