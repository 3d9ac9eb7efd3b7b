package dev.loom.filter.analysis.targets;

/** {@code held(n)}: so many monitors are held at each call on the line. */
public class MonitorTarget {

    static void work() {}

    void nested(Object a, Object b) {
        work(); // held(0)
        synchronized (a) {
            work(); // held(1)
            synchronized (b) {
                work(); // held(2)
            }
            work(); // held(1)
        }
        work(); // held(0)
    }

    void loops(Object a) {
        for (int i = 0; i < 3; i++) {
            work(); // held(0)
            synchronized (a) {
                while (a.hashCode() > i) { // held(1)
                    work(); // held(1)
                    if (i == 2) {
                        return;
                    }
                }
            }
        }
        work(); // held(0)
    }

    void caught(Object a) {
        try {
            synchronized (a) {
                work(); // held(1)
            }
        } catch (IllegalStateException e) {
            work(); // held(0)
        }
    }

    synchronized void ofTheMethod() {
        work(); // held(0)
    }
}
