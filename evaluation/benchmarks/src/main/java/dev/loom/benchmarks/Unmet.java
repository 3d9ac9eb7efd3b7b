package dev.loom.benchmarks;

/** What filters may be about that no thread meets. */
final class Unmet {

    private int calls;

    void m0() {
        calls++;
    }

    void m1() {
        calls++;
    }

    void m2() {
        calls++;
    }

    void m3() {
        calls++;
    }

    void m4() {
        calls++;
    }

    void m5() {
        calls++;
    }

    void m6() {
        calls++;
    }

    void m7() {
        calls++;
    }

    void m8() {
        calls++;
    }

    void m9() {
        calls++;
    }
}
