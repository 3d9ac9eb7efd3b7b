package dev.loom.agent.weave.polls;

import java.util.List;
import java.util.concurrent.Callable;

/** Code of all sorts that comes back into a method, or goes round in it. */
public class PollTarget {

    static volatile int steps;

    private final int size;

    public PollTarget() {
        this(List.of(1, 2).size());
    }

    PollTarget(int size) {
        this.size = size;
    }

    /** An event that comes late. */
    public static void late() {
        steps++; // @late
    }

    /** A region that another thread may be in. */
    public static void guarded() {
        int before = steps;
        steps = before + 1; // @guarded
    }

    int loops(int rounds) {
        int sum = 0;
        for (int i = 0; i < rounds; i++) {
            sum += i;
        }
        while (sum > 10) {
            sum -= size + Integer.parseInt("3");
        }
        return sum;
    }

    synchronized String locked(Object monitor, Callable<String> call) {
        String text = "";
        synchronized (monitor) {
            text += steps;
        }
        try {
            text += call.call();
        } catch (IllegalStateException e) {
            text += "illegal";
        } catch (Exception e) {
            text += e.getMessage();
        } finally {
            steps++;
        }
        return text;
    }
}
