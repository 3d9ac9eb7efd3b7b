package dev.loom.console.page;

import dev.loom.client.Finding;
import dev.loom.client.FindingSide;
import dev.loom.client.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A race that was found, on the page of the search.
 *
 * @param key the same for the same places, whatever its rank
 * @param title what it is, in a sentence
 * @param meaning what its kind says
 * @param often how often it was seen
 * @param sure whether it is a race for certain; what is less sure is said to be
 * @param proposal a filter that keeps them apart; empty text where there is none
 * @param why what the filter rests on, or why there is none
 * @param others more filters, for where that one turns out not to be it
 */
public record FoundRace(
        String key, String id, String kind, String title, String meaning, String often, boolean sure, List<Side> sides, Proposal proposal, String why,
        List<Suggestion> others) {

    private static final int MOST_ROWS = 24;

    /** A filter that is proposed, to be tried. @param key names its form on the page */
    public record Proposal(String key, String name, String text) {

        public Proposal {
            key = key == null || !key.matches("[a-z0-9]{1,20}") ? "own" : key;
            name = name == null ? "" : name.strip();
            text = text == null ? "" : text.replace("\r\n", "\n");
        }

        /** Lines that are shown of it at once. */
        public int rows() {
            return (int) Math.min(MOST_ROWS, text.lines().count() + 1);
        }

        /** The text says the name under which it is to be stored. */
        Proposal named() {
            return new Proposal(key, name, Proposals.named(name, text));
        }
    }

    /** One thread of it. */
    public record Side(String did, String thread, boolean monitor, List<Frame> stack) {}

    /** A frame of a stack. @param here whether the thread stood there */
    public record Frame(String text, boolean here) {}

    static FoundRace of(Finding finding) {
        String target = finding.sides().isEmpty() ? finding.type() : finding.sides().get(0).target();
        String key = key(finding);
        return new FoundRace(
                key, finding.id(), finding.kind(), title(finding, target), meaning(finding.kind()), often(finding),
                finding.kind().equals("DATA_RACE") || finding.kind().equals("UNSAFE_CALLS"), finding.sides().stream().map(FoundRace::side).toList(),
                Proposals.of(key, member(target), finding.filter()), finding.why(),
                finding.alternatives());
    }

    private static String key(Finding finding) {
        List<String> parts = new ArrayList<>(List.of(finding.kind(), finding.type()));
        finding.sides().forEach(side -> parts.addAll(List.of(side.place(), side.access(), side.target())));
        return "f" + Integer.toHexString(parts.hashCode());
    }

    private static String title(Finding finding, String target) {
        return switch (finding.kind()) {
            case "DATA_RACE" -> "Data race on " + target;
            case "UNSAFE_CALLS" -> "Calls at the same time on one " + finding.type() + ", which is not thread-safe";
            case "VOLATILE" -> "Two threads at the volatile field " + target;
            case "TORN" -> "A step on " + target + " is torn by another thread";
            default -> finding.kind().substring(0, Math.min(1, finding.kind().length()))
                    + finding.kind().substring(Math.min(1, finding.kind().length())).replace('_', ' ').toLowerCase(Locale.ROOT) + " at " + target;
        };
    }

    private static String meaning(String kind) {
        return switch (kind) {
            case "DATA_RACE" -> "Both threads stood in front of the field of one object at the same moment, one of them to write it. Nothing keeps them apart.";
            case "UNSAFE_CALLS" -> "Both threads stood in front of a call on one object at the same moment, one of them to change it. Nothing keeps them apart.";
            case "VOLATILE" -> "No data race, as the field is volatile; but a step that reads and then writes it may be torn.";
            case "TORN" -> "Each access may be safe by itself; what is torn is the step that they make together. Less certain than a data race.";
            default -> "This console does not know this kind of finding: its agent is newer. What it says is below.";
        };
    }

    private static String often(Finding finding) {
        String times = finding.count() == 1 ? "seen once" : "seen " + Format.INSTANCE.count(finding.count()) + " times";
        return finding.pairs() > 1 ? times + ", at " + finding.pairs() + " pairs of lines" : times;
    }

    private static Side side(FindingSide side) {
        List<String> stack = side.stack().isEmpty() ? List.of(side.place()) : side.stack();
        int here = Math.max(0, stack.indexOf(side.place()));
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < stack.size(); i++) {
            frames.add(new Frame(stack.get(i), i == here));
        }
        return new Side(side.access() + " of " + side.target(), side.thread(), side.monitor(), List.copyOf(frames));
    }

    /** {@code Bank.balance} of {@code com.acme.Bank.balance}. */
    private static String member(String target) {
        int dot = target.lastIndexOf('.');
        return target.substring(target.lastIndexOf('.', dot - 1) + 1);
    }
}
