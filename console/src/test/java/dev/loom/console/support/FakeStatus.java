package dev.loom.console.support;

import java.beans.ConstructorProperties;

/** A filter's status with the names of the agent's composite data; an MXBean makes composite data of it. */
public final class FakeStatus {

    private final String filter;
    private final String state;
    private final double progress;
    private final String mode;
    private final long enabledSince;
    private final String digest;
    private final String text;
    private final boolean harmful;
    private final String cause;
    private final String accepted;
    private final Remark[] diagnostics;
    private final Straggler[] stragglers;
    private final Hook[] hooks;

    FakeStatus(
            String filter,
            String state,
            double progress,
            String mode,
            long enabledSince,
            String digest,
            String text,
            boolean harmful,
            String cause,
            String accepted,
            Remark[] diagnostics,
            Straggler[] stragglers,
            Hook[] hooks) {
        this.filter = filter;
        this.state = state;
        this.progress = progress;
        this.mode = mode;
        this.enabledSince = enabledSince;
        this.digest = digest;
        this.text = text;
        this.harmful = harmful;
        this.cause = cause;
        this.accepted = accepted;
        this.diagnostics = diagnostics;
        this.stragglers = stragglers;
        this.hooks = hooks;
    }

    public String getFilter() {
        return filter;
    }

    public String getState() {
        return state;
    }

    public double getProgress() {
        return progress;
    }

    public String getMode() {
        return mode;
    }

    public long getEnabledSince() {
        return enabledSince;
    }

    public String getDigest() {
        return digest;
    }

    public String getText() {
        return text;
    }

    public boolean isHarmful() {
        return harmful;
    }

    public String[] getWaitingFor() {
        return state.equals("WAITING_FOR_CLASS") ? new String[] {"com.acme.Lazy"} : new String[0];
    }

    public String getCause() {
        return cause;
    }

    public String getAccepted() {
        return accepted;
    }

    public double getOverheadPercent() {
        return text.contains("costly") && mode.equals("enforce") ? 40 : 0.25;
    }

    public int getShells() {
        return 0;
    }

    public Remark[] getDiagnostics() {
        return diagnostics;
    }

    public Straggler[] getStragglers() {
        return stragglers;
    }

    public Hook[] getHooks() {
        return hooks;
    }

    public double getCpuPercent() {
        return 0.2;
    }

    public double getWaitPercent() {
        return text.contains("held") ? 150 : 0.05;
    }

    /** Two threads that wait: one for another thread, one for an event. */
    public Wait[] getWaits() {
        return text.contains("held") ? new Wait[] {new Wait("teller-1", 31, 4_000, "teller-2 (id 32)"), new Wait("clerk", 33, 850)} : new Wait[0];
    }

    public String[] getDeadlocks() {
        return text.contains("stuck")
                ? new String[] {"left waits for the monitor of com.acme.Fork@1, held by right, which waits for com.acme.Fork@2, held by left"}
                : new String[0];
    }

    /** A diagnostic. */
    public static final class Remark {
        private final String message;

        @ConstructorProperties("message")
        public Remark(String message) {
            this.message = message;
        }

        public String getCode() {
            return "LOOM-021";
        }

        public String getSeverity() {
            return "ERROR";
        }

        public String getFile() {
            return "filter.loom";
        }

        public int getLine() {
            return 3;
        }

        public int getColumn() {
            return 7;
        }

        public String getMessage() {
            return message;
        }

        public String getHint() {
            return "there is transfer(Account,long)";
        }
    }

    /** A thread in the way. */
    public static final class Straggler {
        public String getThread() {
            return "worker-1";
        }

        public long getThreadId() {
            return 42;
        }

        public String getThreadState() {
            return "WAITING";
        }

        public String getLocation() {
            return "com.acme.Bank.work(Bank.java:42)";
        }

        public String[] getStack() {
            return new String[] {"java.lang.Object.wait(Native Method)", "com.acme.Bank.work(Bank.java:42)"};
        }

        public long getSinceMillis() {
            return 1234;
        }

        public String getReason() {
            return "inside the region";
        }
    }

    /** A thread that waits in a hook. */
    public static final class Wait {
        private final String thread;
        private final long threadId;
        private final long sinceMillis;
        private final String[] waitsFor;

        Wait(String thread, long threadId, long sinceMillis, String... waitsFor) {
            this.thread = thread;
            this.threadId = threadId;
            this.sinceMillis = sinceMillis;
            this.waitsFor = waitsFor;
        }

        public String getThread() {
            return thread;
        }

        public long getThreadId() {
            return threadId;
        }

        public String getHook() {
            return "h1";
        }

        public String getLocation() {
            return "com.acme.Bank#transfer:42-45";
        }

        public long getSinceMillis() {
            return sinceMillis;
        }

        public String[] getWaitsFor() {
            return waitsFor;
        }
    }

    /** A hook whose hits grow with time. */
    public static final class Hook {
        private final long hits;
        private final boolean observe;

        Hook(long hits, boolean observe) {
            this.hits = hits;
            this.observe = observe;
        }

        public String getId() {
            return "h1";
        }

        public String getKind() {
            return "region";
        }

        public String getLocation() {
            return "com.acme.Bank#transfer:42-45";
        }

        public long getHits() {
            return hits;
        }

        public long getContended() {
            return observe ? 0 : hits / 10;
        }

        public long getWaitNanosTotal() {
            return hits * 1000;
        }

        public long getWaitNanosMax() {
            return 5000;
        }

        public long getTimeouts() {
            return 0;
        }

        public long getBypasses() {
            return 0;
        }

        public long getOverlaps() {
            return observe ? hits / 10 : 0;
        }

        public double getCpuPercent() {
            return 0.2;
        }

        public double getWaitPercent() {
            return 0.05;
        }
    }
}
