package dev.loom.agent.weave.events;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Lines that are events: those with a mark {@code // @} and the name of their method. */
public class EventTarget {

    /** Says how often the event has completed by now. */
    public static Supplier<String> probe = () -> "";

    public static final List<String> LOG = new ArrayList<>();

    private int calls;
    private int field;

    public EventTarget() {
        this(0);
        note("built");
    }

    public EventTarget(int start) {
        super();
        field = start; // @constructed
        note("constructed");
    }

    static int note(String what) {
        LOG.add(what + probe.get());
        return what.length();
    }

    static int sum(int a, int b) {
        note("sum");
        return a + b;
    }

    private int step(int last) {
        note("step");
        if (++calls > last) {
            throw new IllegalStateException("enough");
        }
        return calls;
    }

    private boolean more() {
        note("more");
        return ++calls < 4;
    }

    public int plain() {
        note("before");
        int x = note("on"); // @plain
        note("after");
        return x;
    }

    public int thrown() {
        try {
            return step(0) + 1; // @thrown
        } catch (IllegalStateException e) {
            return note("caught");
        }
    }

    public int returned() {
        return step(5); // @returned
    }

    public int split() {
        int x = sum( // @split
                note("argument"),
                note("another"));
        note("after");
        return x;
    }

    public long splitObject() {
        Object o = new StringBuilder( // @splitObject
                "" + note("argument")
                        + (field > 0 ? note("positive") : note("other")));
        note("after");
        return o.toString().length();
    }

    public int argument() {
        int x = sum(
                note("on"), // @argument
                note("other"));
        return x;
    }

    public int counted() {
        int s = 0;
        for (int i = 0; i < 3; i++) { // @counted
            s += note("round");
        }
        note("after");
        return s;
    }

    public int body() {
        int s = 0;
        for (int i = 0; i < 3; i++) {
            s += note("round"); // @body
        }
        return s;
    }

    public int endless() {
        while (true) {
            step(3); // @endless
        }
    }

    public int oneLineLoop() {
        while (more()) { } // @oneLineLoop
        return note("after");
    }

    public int leaves() {
        int s = 0;
        while (true) {
            s++;
            if (!more()) break; // @leaves
            note("goes on");
        }
        return s;
    }

    public int jumps() {
        int s = 0;
        for (int i = 0; i < 4; i++) {
            if (i % 2 == 0) continue; // @jumps
            s += note("odd");
        }
        return s;
    }

    public int finallyNormal() {
        try {
            note("try");
        } finally {
            note("finally"); // @finallyNormal
        }
        return note("after");
    }

    public int finallyThrown() {
        try {
            step(0);
        } finally {
            note("finally"); // @finallyThrown
        }
        return note("after");
    }

    public int caughtOnTheLine() {
        try { step(0); } catch (IllegalStateException e) { note("caught"); } // @caughtOnTheLine
        return note("after");
    }

    public int caughtNext() {
        int x = 0;
        try {
            x = step(0); // @caughtNext
        } catch (IllegalStateException e) {
            note("caught");
        }
        return x;
    }

    public int chosen() {
        int x = switch (field) { // @chosen
            case 0 -> note("zero");
            case 1 -> note("one");
            default -> note("many");
        };
        note("after");
        return x;
    }

    public int locked() {
        synchronized (LOG) { // @locked
            note("in");
        }
        return note("after");
    }

    public double wide() {
        long a = 3;
        double d = a * 2.5 + note("on"); // @wide
        return d + a;
    }

    public int unlucky() {
        int s = 0;
        for (int i = 0; i < 3; i++) {
            try {
                s += step(1); // @unlucky
            } catch (IllegalStateException e) {
                s += note("caught");
            }
        }
        return s;
    }
}
