package dev.loom.console.support;

/** A search for races with the names of the agent's composite data; an MXBean makes composite data of it. */
public final class FakeSearch {

    /** What a search of nobody says. */
    static final FakeSearch NONE = new FakeSearch("NONE", "", 0, 0);

    private final String state;
    private final String classes;
    private final long began;
    private final long forMillis;

    private FakeSearch(String state, String classes, long began, long forMillis) {
        this.state = state;
        this.classes = classes;
        this.began = began;
        this.forMillis = forMillis;
    }

    static FakeSearch begun(String classes, String options) {
        long seconds = Long.parseLong(options.replaceFirst("for=(\\d+)s.*", "$1"));
        return new FakeSearch("FINDING", classes, System.currentTimeMillis(), seconds * 1_000);
    }

    FakeSearch ended() {
        return state.equals("FINDING") ? new FakeSearch("ENDED", classes, began, forMillis) : this;
    }

    public String getState() {
        return state;
    }

    public String getClasses() {
        return classes;
    }

    public long getElapsedMillis() {
        return began == 0 ? 0 : System.currentTimeMillis() - began;
    }

    public long getForMillis() {
        return forMillis;
    }

    public double getBudgetPercent() {
        return 3;
    }

    public double getPausePercent() {
        return 1.25;
    }

    public double getWatchPercent() {
        return 0.5;
    }

    public int getWatchedClasses() {
        return 2;
    }

    public int getPlaces() {
        return 40;
    }

    public int getReached() {
        return 12;
    }

    public int getPaused() {
        return 7;
    }

    public String[] getUncovered() {
        return new String[] {"com.acme.Worker.run: calls that began before are watched when they are made anew"};
    }

    public Finding[] getFindings() {
        return state.equals("NONE") ? new Finding[0]
                : new Finding[] {
                    new Finding("1", "DATA_RACE", "filter \"suggested\" {\n    atomic com.acme.Bank#transfer by this\n}\n"),
                    new Finding("2", "SHRUGGED", ""),
                };
    }

    /** A finding; its kind may be one that nobody knows. */
    public static final class Finding {

        private final String id;
        private final String kind;
        private final String filter;

        Finding(String id, String kind, String filter) {
            this.id = id;
            this.kind = kind;
            this.filter = filter;
        }

        public String getId() {
            return id;
        }

        public String getKind() {
            return kind;
        }

        public String getFilter() {
            return filter;
        }

        public String getType() {
            return "com.acme.Bank";
        }

        public long getCount() {
            return 5;
        }

        public int getPairs() {
            return 1;
        }

        public Side[] getSides() {
            return new Side[] {new Side("read"), new Side("write")};
        }

        public String getWhy() {
            return filter.isEmpty() ? "the checker rejects what could be proposed" : "the methods by which both come to the object that they share";
        }

        public Suggestion[] getAlternatives() {
            return filter.isEmpty() ? new Suggestion[0] : new Suggestion[] {new Suggestion()};
        }

        /** What only a newer agent tells. */
        public String getMood() {
            return "new";
        }
    }

    /** A filter that is proposed for a text. */
    public static final class Suggestion {

        public String getFilter() {
            return "filter \"suggested\" {\n    atomic com.acme.Bank#transfer by this\n}\n";
        }

        public String getWhy() {
            return "the method by which the thread comes to the innermost object";
        }

        public boolean isWarned() {
            return false;
        }
    }

    /** One thread of it. */
    public static final class Side {

        private final String access;

        Side(String access) {
            this.access = access;
        }

        public String getAccess() {
            return access;
        }

        public String getPlace() {
            return "com.acme.Bank.transfer(Bank.java:42)";
        }

        public String getTarget() {
            return "com.acme.Bank.balance";
        }

        public String getThread() {
            return "teller-" + access;
        }

        public boolean isMonitor() {
            return access.equals("write");
        }

        public String[] getStack() {
            return new String[] {"com.acme.Bank.transfer(Bank.java:42)", "com.acme.Teller.run(Teller.java:7)", "java.lang.Thread.run(Thread.java:840)"};
        }
    }
}
