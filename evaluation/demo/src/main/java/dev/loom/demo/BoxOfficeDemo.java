package dev.loom.demo;

/**
 * A box office that sells seats twice: a race in code that is called for each customer, to be found without knowing its lines.
 *
 * <p>{@value #CLERKS_PER_SHOW} {@link Clerk}s sell the seats of each of {@value #SHOWS} shows by {@link SeatPlan}. Each asks for the next
 * free seat, looks up its price, and takes it; another clerk of the show does so at the same time. The second is told by an exception, whose
 * stack trace is in the log every now and then, as in most programs.
 */
public final class BoxOfficeDemo {

    private static final int SHOWS = 2;
    private static final int CLERKS_PER_SHOW = 3;

    private BoxOfficeDemo() {}

    public static void main(String[] arguments) throws Exception {
        DemoOptions options = DemoOptions.parse(arguments);
        Counters counters = new Counters("a box office sells seats twice: two clerks ask for the next free seat at the same time");
        counters.register();
        for (int s = 1; s <= SHOWS; s++) {
            SeatPlan plan = new SeatPlan("show-" + s);
            for (int c = 1; c <= CLERKS_PER_SHOW; c++) {
                Thread thread = new Thread(new Clerk(plan, counters, options.exclusive()), "clerk-" + s + "-" + c);
                thread.setDaemon(true);
                thread.start();
            }
        }
        System.out.println("box office demo: " + SHOWS * CLERKS_PER_SHOW + " clerks at work; counts on dev.loom.demo:type=Demo");
        options.runFor(counters);
    }
}
