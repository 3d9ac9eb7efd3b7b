package dev.loom.console.support;

/** Two threads that a played agent says a filter kept apart. */
public final class FakeInterleaving {

    private final String end;
    private final String thread;
    private final String other;
    private final long atMillis;
    private final long waitedNanos;

    FakeInterleaving(String end, String thread, String other, long atMillis, long waitedNanos) {
        this.end = end;
        this.thread = thread;
        this.other = other;
        this.atMillis = atMillis;
        this.waitedNanos = waitedNanos;
    }

    public String getEnd() {
        return end;
    }

    public String getHook() {
        return "h1";
    }

    public String getLocation() {
        return "com.acme.Bank#transfer:42-45";
    }

    public String getThread() {
        return thread;
    }

    public long getThreadId() {
        return 31;
    }

    public String[] getStack() {
        return new String[] {"com.acme.Bank.transfer(Bank.java:42)", "com.acme.Teller.run(Teller.java:7)"};
    }

    public String getOther() {
        return other;
    }

    public long getOtherId() {
        return 32;
    }

    public String[] getOtherStack() {
        return end.equals("BYPASSED") ? new String[0] : new String[] {"com.acme.Bank.transfer(Bank.java:45)", "com.acme.Teller.run(Teller.java:9)"};
    }

    public long getAtMillis() {
        return atMillis;
    }

    public long getWaitedNanos() {
        return waitedNanos;
    }
}
