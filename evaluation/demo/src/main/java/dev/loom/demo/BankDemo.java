package dev.loom.demo;

/**
 * A bank that loses money: the plain textbook race, in workers whose loop never ends.
 *
 * <p>{@value #TELLERS_PER_BRANCH} {@link Teller}s share each of {@value #BRANCHES} {@link Branch}es. A teller reads a balance,
 * thinks, writes it back; another teller of the branch does so at the same time. After each transfer the branch's books are
 * audited. The transfer is inline in {@code Teller.run}, which is called once and does not return, so only a filter that reaches
 * running frames helps.
 */
public final class BankDemo {

    private static final int BRANCHES = 2;
    private static final int TELLERS_PER_BRANCH = 2;

    private BankDemo() {}

    public static void main(String[] arguments) throws Exception {
        DemoOptions options = DemoOptions.parse(arguments);
        Counters counters = new Counters("a bank's transfers and audits race: the books of a branch do not balance");
        counters.register();
        for (int b = 1; b <= BRANCHES; b++) {
            Branch branch = new Branch("branch-" + b, counters, options.exclusive());
            for (int t = 1; t <= TELLERS_PER_BRANCH; t++) {
                Thread thread = new Thread(new Teller(branch, counters), "teller-" + b + "-" + t);
                thread.setDaemon(true);
                thread.start();
            }
        }
        System.out.println("bank demo: " + BRANCHES * TELLERS_PER_BRANCH + " tellers at work; counts on dev.loom.demo:type=Demo");
        options.runFor(counters);
    }
}
