package dev.loom.console.support;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.ExportException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import javax.management.StandardEmitterMBean;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXPrincipal;
import javax.management.remote.JMXServiceURL;
import javax.security.auth.Subject;

/**
 * A JVM whose agent is played: for situations that a real one is hard to bring into. What a filter does is in its text: {@code
 * straggle}, {@code reject}, {@code harm}, {@code slow}, {@code held}, {@code costly} (an overhead of 40 %, while it enforces), {@code lazy} (waits for its class), {@code lazy-in NAME} (in one JVM); {@code stuck} evacuates until deadlocked threads are accepted. Prints {@code PORT n} when it can be reached; arguments {@code no-agent},
 * {@code hostile=…}, {@code old} (cannot look for races), {@code replaced} (see {@link ReplacedAnswers}), {@code password=…}, {@code name=…}, {@code label=k:v}, {@code port=…}.
 */
public final class FakeAgent extends NotificationBroadcasterSupport implements FakeAgentMXBean {

    /** What is installed under a name. */
    private record Installed(String text, String mode, long since, String state, String cause, String accepted, Installed replaced) {
        Installed in(String state, String cause) {
            return new Installed(text, mode, since, state, cause, accepted, replaced);
        }
    }

    private final Map<String, Installed> filters = new LinkedHashMap<>();
    private final String name;
    private final Map<String, String> labels;
    private final String hostile;

    private FakeAgent(String name, Map<String, String> labels, String hostile) {
        this.name = name;
        this.labels = labels;
        this.hostile = hostile;
        if (hostile.endsWith("-labels")) {
            for (int i = 0; i < (hostile.equals("huge-labels") ? 100_000 : 1_000); i++) {
                labels.put("l" + i, "v");
            }
        } else if (hostile.equals("flood")) {
            Thread flood = new Thread(() -> {
                for (int i = 0; ; i++) {
                    Installed flapping = new Installed("flap", "enforce", 1, i % 2 == 0 ? "ACTIVE" : "EVACUATING", "", "", null);
                    synchronized (this) {
                        filters.put("flapping", flapping);
                    }
                    Notification told = new Notification("dev.loom.filter.state", "dev.loom:type=Agent", i, "flaps");
                    sendNotification(told);
                    java.util.concurrent.locks.LockSupport.parkNanos(200_000);
                }
            });
            flood.setDaemon(true);
            flood.start();
        }
    }

    public static void main(String[] arguments) throws Exception {
        String name = "fake";
        String password = "";
        int port = 0;
        boolean agent = true;
        boolean replaced = false;
        boolean old = false;
        String hostile = "";
        Map<String, String> labels = new LinkedHashMap<>();
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            if (argument.startsWith("name=")) {
                name = value;
            } else if (argument.startsWith("password=")) {
                password = value;
            } else if (argument.startsWith("port=")) {
                port = Integer.parseInt(value);
            } else if (argument.startsWith("label=")) {
                labels.put(value.split(":")[0], value.split(":")[1]);
            } else if (argument.startsWith("hostile=")) {
                hostile = value;
            } else if (argument.equals("no-agent")) {
                agent = false;
            } else if (argument.equals("replaced")) {
                replaced = true;
            } else if (argument.equals("old")) {
                old = true;
            }
        }
        var server = ManagementFactory.getPlatformMBeanServer();
        if (replaced) {
            ReplacedAnswers.register(new FakeAgent(name, labels, hostile), server);
        } else if (old) {
            FakeAgent played = new FakeAgent(name, labels, hostile);
            server.registerMBean(new StandardEmitterMBean(played, OldAgentMXBean.class, true, played), new ObjectName("dev.loom:type=Agent"));
        } else if (agent) {
            server.registerMBean(new FakeAgent(name, labels, hostile), new ObjectName("dev.loom:type=Agent"));
        }
        server.registerMBean(new Orders(), new ObjectName("com.acme:type=Orders"));
        System.setProperty("java.rmi.server.hostname", "127.0.0.1");
        int bound = registry(port);
        Map<String, Object> environment = new HashMap<>();
        if (!password.isEmpty()) {
            String right = password;
            environment.put(JMXConnectorServer.AUTHENTICATOR, (javax.management.remote.JMXAuthenticator) given -> {
                if (given instanceof String[] pair && pair.length == 2 && pair[0].equals("loom") && pair[1].equals(right)) {
                    return new Subject(true, java.util.Set.of(new JMXPrincipal("loom")), java.util.Set.of(), java.util.Set.of());
                }
                throw new SecurityException("wrong");
            });
        }
        JMXConnectorServerFactory.newJMXConnectorServer(
                        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + bound + "/jmxrmi"), environment, server)
                .start();
        System.out.println("PORT " + bound);
        System.in.read(); // ends with the test, also if that is killed
        System.exit(0);
    }

    /** Plays an agent in a server of its own, behind a real connector whose registry and objects are on one port; for many in one JVM. */
    public static void serve(String name, Map<String, String> labels, int port) throws Exception {
        var server = javax.management.MBeanServerFactory.newMBeanServer();
        server.registerMBean(new FakeAgent(name, labels, ""), new ObjectName("dev.loom:type=Agent"));
        server.registerMBean(ManagementFactory.getRuntimeMXBean(), new ObjectName("java.lang:type=Runtime"));
        LocateRegistry.createRegistry(port);
        JMXConnectorServerFactory.newJMXConnectorServer(
                        new JMXServiceURL("service:jmx:rmi://127.0.0.1:" + port + "/jndi/rmi://127.0.0.1:" + port + "/jmxrmi"), Map.of(), server)
                .start();
    }

    private static int registry(int wanted) throws Exception {
        while (true) {
            int port = wanted != 0 ? wanted : ThreadLocalRandom.current().nextInt(20_000, 60_000);
            try {
                LocateRegistry.createRegistry(port);
                return port;
            } catch (ExportException taken) {
                if (wanted != 0) {
                    throw taken;
                }
            }
        }
    }

    @Override
    public synchronized FakeStatus install(String name, String text, String options) {
        if (text.contains("slow")) {
            try {
                Thread.sleep(2_000); // an agent that takes its time is what is played here
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        String mode = options.contains("mode=observe") ? "observe" : "enforce";
        if (text.contains("reject-late")) {
            Installed rejected = new Installed(text, mode, 0, "REJECTED", "", "", null);
            if (!filters.containsKey(name)) {
                filters.put(name, rejected);
            }
            return told(status(name, rejected));
        }
        Installed before = filters.get(name);
        boolean replaces = before != null && (before.state().equals("ACTIVE") || before.state().equals("OBSERVING"));
        boolean inTheWay = text.contains("straggle") || (text.contains("stuck") && !options.contains("on-deadlocked=accept"));
        String state = text.contains("lazy") && (!text.contains("lazy-in ") || text.contains("lazy-in " + this.name)) ? "WAITING_FOR_CLASS" : inTheWay ? "EVACUATING" : mode.equals("observe") ? "OBSERVING" : "ACTIVE";
        Installed now = new Installed(text, mode, System.currentTimeMillis(), state, "", "", replaces ? before : null);
        filters.put(name, now);
        return told(status(name, now));
    }

    @Override
    public FakeStatus check(String text) {
        Installed checked = new Installed(text, "enforce", 0, "", "", "", null);
        return status("check", checked);
    }

    @Override
    public String explain(String text) {
        return "filter x\n  constraint 0: atomic r\n\ncom.acme.Bank#transfer(Lcom/acme/Account;J)V  sha256:ab\n  [1] constraint 0, side 1\n"
                + "  running frames\n    are in the way at lines 42, 43\n  source com/acme/Bank.java\n      42 | enter 1 | in the way | a b\n";
    }

    @Override
    public String[] complete(String typed) {
        if (typed.contains(" by ")) {
            return new String[] {"this\tBank", "from\tAccount"};
        }
        if (typed.contains(":")) {
            return new String[] {typed.substring(0, typed.indexOf(':')) + ":42"};
        }
        return typed.contains("#") ? new String[] {typed.substring(0, typed.indexOf('#')) + "#transfer"}
                : new String[] {"com.acme.Bank", "com.acme.Bank$Worker"};
    }

    @Override
    public synchronized FakeStatus remove(String name) {
        Installed now = existing(name).in("REMOVED", "");
        filters.put(name, now);
        return told(status(name, now));
    }

    @Override
    public synchronized FakeStatus acceptStragglers(String name, String why) {
        Installed now = existing(name);
        now = new Installed(now.text(), now.mode(), now.since(), "ACCEPTED", "", why, now.replaced());
        filters.put(name, now);
        return told(status(name, now));
    }

    @Override
    public synchronized FakeStatus cancel(String name) {
        Installed now = existing(name);
        if (!now.state().equals("EVACUATING")) {
            throw new IllegalArgumentException("filter '" + name + "' is " + now.state() + ": there is no install to cancel");
        }
        Installed back = now.replaced() != null ? now.replaced() : now.in("REMOVED", "cancelled");
        filters.put(name, back);
        return told(status(name, back));
    }

    private FakeSearch search = FakeSearch.NONE;

    @Override
    public synchronized FakeSearch getFindStatus() {
        return search;
    }

    @Override
    public FakeSearch find(String classes, String options) {
        if (classes.contains("Slow")) {
            try {
                Thread.sleep(60_000); // longer than anybody waits is what is played here
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        synchronized (this) {
            search = FakeSearch.begun(classes, options);
            return search;
        }
    }

    @Override
    public synchronized FakeSearch stopFinding() {
        search = search.ended();
        return search;
    }

    @Override
    public FakeSearch.Suggestion[] suggest(String text) {
        if (!text.contains("at com.acme.")) {
            throw new IllegalArgumentException("no stack trace is in the text");
        }
        return new FakeSearch.Suggestion[] {new FakeSearch.Suggestion()};
    }

    @Override
    public String pin(String text) {
        if (text.contains("reject")) {
            throw new IllegalArgumentException("the filter is rejected, so there is nothing to pin: line 1: no such class");
        }
        return text + "\npin com.acme.Bank#transfer() sha256:" + "ab".repeat(32) + "\n";
    }

    @Override
    public synchronized FakeInterleaving[] interleavings(String filter) {
        Installed of = existing(filter);
        if (of.text().contains("calm")) {
            return new FakeInterleaving[0];
        }
        long now = System.currentTimeMillis();
        return of.mode().equals("observe")
                ? new FakeInterleaving[] {new FakeInterleaving("OVERLAPPED", "teller-1", "teller-2", now - 500, 0)}
                : new FakeInterleaving[] {
                    new FakeInterleaving("PREVENTED", "teller-1", "teller-2", now - 500, 1_200_000),
                    new FakeInterleaving("BYPASSED", "<b>clerk</b>", "teller-1", now - 9_000, 2_000_000_000L)};
    }

    @Override
    public FakeListing listing(String type, String loader) {
        if (type.contains("Slow")) {
            try {
                Thread.sleep(60_000); // longer than anybody waits is what is played here
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (!type.startsWith("com.acme.Bank") && !type.equals("com.acme.Huge")) {
            throw new IllegalArgumentException("class " + type + " is not loaded in this JVM");
        }
        synchronized (this) {
            return FakeListing.of(type, loader, filters.entrySet().stream()
                    .filter(f -> List.of("ACTIVE", "OBSERVING", "EVACUATING", "ACCEPTED").contains(f.getValue().state())).map(Map.Entry::getKey).toList());
        }
    }

    private Installed existing(String name) {
        Installed now = filters.get(name);
        if (now == null) {
            throw new IllegalArgumentException("there is no filter '" + name + "' in this JVM");
        }
        return now;
    }

    private long notices;

    /** Tells of a state, without the status in it: one more thing that a console has to bear. */
    private FakeStatus told(FakeStatus status) {
        sendNotification(new Notification(
                "dev.loom.filter.state", "dev.loom:type=Agent", ++notices, "filter '" + status.getFilter() + "': " + status.getState()));
        return status;
    }

    private static FakeStatus status(String name, Installed i) {
        boolean rejected = i.text().contains("reject");
        boolean evacuating = i.state().equals("EVACUATING") || i.state().equals("ACCEPTED");
        return new FakeStatus(
                name,
                i.state(),
                evacuating ? 0.5 : rejected ? 0 : 1,
                i.mode(),
                i.since(),
                digest(i.text()),
                i.text(),
                i.text().contains("harm"),
                i.cause(),
                i.accepted(),
                rejected && !i.state().isEmpty() || i.text().contains("reject-early")
                        ? new FakeStatus.Remark[] {new FakeStatus.Remark("com.acme.Bank has no method transfr")}
                        : new FakeStatus.Remark[0],
                evacuating ? new FakeStatus.Straggler[] {new FakeStatus.Straggler()} : new FakeStatus.Straggler[0],
                new FakeStatus.Hook[] {new FakeStatus.Hook(i.since() == 0 ? 0 : System.currentTimeMillis() - i.since(), i.mode().equals("observe"))});
    }

    private static String digest(String text) {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized FakeStatus[] getFilters() {
        Map<String, Installed> told = new LinkedHashMap<>();
        filters.forEach((n, f) -> told.put(n, f.in(hostile.equals("unknown-state") && !f.state().equals("REMOVED") ? "SHRUGGING" : f.state(), f.cause())));
        Installed plain = new Installed("plain", "enforce", 1, "ACTIVE", hostile.equals("control") ? "a\u0000\u001b[31m" + "x".repeat(50_000) : "", "", null);
        switch (hostile) {
            case "long-filter" -> told.put("f".repeat(300), plain);
            case "unknown-state" -> told.put("odd", plain.in("SHRUGGING", ""));
            case "control" -> told.put("control", plain);
            case "many-filters" -> {
                for (int i = 0; i < 1_500; i++) {
                    told.put("many-" + i, plain);
                }
            }
            default -> {}
        }
        return told.entrySet().stream().map(e -> status(e.getKey(), e.getValue())).toArray(FakeStatus[]::new);
    }

    @Override
    public String getVersion() {
        return hostile.equals("long-version") ? "v".repeat(150) + "\n" : "fake-1";
    }

    @Override
    public String getMode() {
        return "PREMAIN";
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Map<String, String> getLabels() {
        return labels;
    }

    @Override
    public long getUptime() {
        return 1;
    }

    @Override
    public int getInstrumentedClasses() {
        return 7;
    }

    @Override
    public int getInstrumentedMethods() {
        return 70;
    }

    @Override
    public long getTransformTimeMillis() {
        return 12;
    }

    @Override
    public double getOverheadPercent() {
        return hostile.equals("nan") ? Double.NaN : 0.5;
    }

    @Override
    public long getAgentFaults() {
        return 0;
    }

    /** An application's own counters, under names of its own. */
    public interface OrdersMXBean {
        long getProcessed();

        long getBroken();
    }

    private static final class Orders implements OrdersMXBean {
        private final long start = System.currentTimeMillis();

        @Override
        public long getProcessed() {
            return (System.currentTimeMillis() - start) * 10;
        }

        @Override
        public long getBroken() {
            return System.currentTimeMillis() - start;
        }
    }
}
