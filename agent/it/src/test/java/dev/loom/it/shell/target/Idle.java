package dev.loom.it.shell.target;

/** Says that it runs, and ends when its input ends. */
public final class Idle {

    private Idle() {}

    public static void main(String[] args) throws Exception {
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the test closes it
        }
        System.out.println("done");
    }
}
