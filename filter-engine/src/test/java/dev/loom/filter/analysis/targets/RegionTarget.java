package dev.loom.filter.analysis.targets;

/**
 * One region a method. Marks beside a line: {@code enter} and {@code exit} make the region; {@code in} and {@code out} say that all
 * code of the line is inside or outside, {@code mixed} that some is; {@code runs(n)} how many places of the line are entries;
 * {@code jumpsIn}, {@code unreached} and {@code dead} what is to be remarked about it.
 */
public class RegionTarget {

    static void work() {}

    static boolean test() {
        return true;
    }

    void straight() {
        work(); // out
        work(); // enter in
        work(); // in
        work(); // exit in
        work(); // out
    }

    void leftByBreak() {
        while (test()) { // out
            work(); // enter in
            if (test()) { // in
                break;
            }
            work(); // exit in
        }
        work(); // out
    }

    void leftByContinue() {
        for (int i = 0; i < 9; i++) { // out
            work(); // enter in
            if (test()) { // in
                continue;
            }
            work(); // exit in
        }
    }

    int leftByReturn() {
        work(); // enter in
        if (test()) { // in
            return 1; // in
        }
        work(); // exit in
        return 2; // out
    }

    void leftByThrow() {
        work(); // enter in
        if (test()) { // in
            work(); // in
            throw new IllegalStateException(); // in
        }
        work(); // exit in
        work(); // out
    }

    void thrownBelow() {
        work(); // enter in
        if (test()) { // in
            work(); // exit in
            return; // out
        }
        work(); // out
        throw new IllegalStateException(); // out
    }

    void caughtBetweenTheLinesAndThrownAgain() {
        try {
            work(); // enter in
        } catch (IllegalStateException e) { // in
            work(); // in
            throw e; // in
        }
        work(); // exit in
        work(); // out
    }

    void endlessBranch() {
        work(); // enter in
        if (test()) { // in
            while (true) {
                work(); // in
            }
        }
        work(); // exit in
        work(); // out
    }

    /** Once control has left, a line between the two is outside until an entry is passed again. */
    void backBetweenTheLinesFromOutside() {
        while (test()) { // out
            if (test()) { // out
                work(); // enter in
                if (test()) { // in
                    continue;
                }
            } else {
                work(); // out
                return; // out
            }
            work(); // exit in
        }
    }

    void jumpToABranchBetweenTheLines(int kind) {
        done: {
            shared: {
                if (kind == 0) { // out
                    break shared; // jumpsIn
                }
                work(); // enter in
                if (test()) { // in
                    break shared; // in
                }
                break done; // in
            }
            work(); // in
            throw new IllegalStateException(); // in
        }
        work(); // exit in
        work(); // out
    }

    void caughtOutside() {
        try {
            work(); // enter in
            work(); // exit in
        } catch (IllegalStateException e) {
            work(); // out
        }
    }

    void caughtInside() {
        work(); // enter in
        try {
            work(); // in
        } catch (IllegalStateException e) {
            work(); // in
        }
        work(); // exit in
    }

    void finallyCopies() {
        try {
            work(); // out
        } finally {
            work(); // enter runs(1) mixed
        }
        work(); // exit in
    }

    void finallyAlone() {
        try {
            work(); // out
        } finally {
            work(); // enter exit in runs(2)
        }
        work(); // out
    }

    void wrapRoundLoop() {
        while (test()) { // enter exit in
            work(); // out
            work(); // enter in
        }
        work(); // out
    }

    void onlyTheReturnsLeave() {
        work(); // out
        work(); // enter in
        if (test()) { // in
            work(); // in
        }
        work(); // in
    }

    void endless() {
        work(); // out
        while (true) {
            work(); // enter in
            work(); // in
        }
    }

    void unreachedExit() {
        work(); // exit unreached
        work(); // enter in
        work(); // in
    }

    void jumpIn() {
        if (test()) { // jumpsIn
            work(); // enter in
        }
        work(); // in
        work(); // exit in
    }

    void againBehindTheExit() {
        work(); // enter in
        do {
            work(); // in
        } while (test()); // exit in jumpsIn
    }

    void twoEntriesInARow() {
        work(); // enter in
        if (test()) { // in
            return; // in
        }
        work(); // enter in
        work(); // exit in
    }

    void twoWaysIn() {
        if (test()) {
            work(); // enter in
        } else {
            work(); // enter in
        }
        work(); // exit in
    }

    void deadEntry() {
        if (test()) { // out
            work(); // enter dead
            throw new IllegalStateException(); // out
        }
        work(); // enter in
        work(); // exit in
    }

    void oneLine() {
        work(); // out
        work(); // enter exit in
        work(); // out
    }

    /** What is called over several lines. */
    record Other(String name) {
        void take(boolean one, boolean two) {}
    }

    void callOverLines(Other other) {
        work(); // out
        other.take( // enter exit in
                test(), // in
                test()); // in
        work(); // out
    }

    void callOverLinesAtTheEnd(Other other) {
        work(); // enter in
        other.take( // exit in
                test(), // in
                test()); // in
        work(); // out
    }

    void lineInsideACall(Other other) {
        work(); // enter in
        other.take( // exit in
                test(), // exit in
                test()); // in
        work(); // out
    }

    Object objectOverLines() {
        work(); // out
        Object made = new Other( // enter exit in
                String.valueOf(test())); // mixed
        work(); // out
        return made; // out
    }

    void headOfALoop() {
        for (int i = 0; i < 3; i++) { // enter exit mixed runs(1) jumpsIn
            work(); // out
        }
    }

    void resource(AutoCloseable some) throws Exception {
        work(); // out
        try (AutoCloseable it = some) { // enter exit mixed
            work(); // out
        }
        work(); // out
    }
}
