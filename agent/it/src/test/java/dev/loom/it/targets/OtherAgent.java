package dev.loom.it.targets;

import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.ProtectionDomain;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;

/** An agent that is not Loom's; it comes after it, and so sees what Loom has made of a class. */
public final class OtherAgent implements OtherAgentMXBean, ClassFileTransformer {

    private final Instrumentation instrumentation;
    private final ConcurrentHashMap<String, byte[]> seen = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Long> delays = new ConcurrentHashMap<>();
    private final AtomicLong rounds = new AtomicLong();
    private volatile String always;
    private volatile String overridden;
    private volatile String held;
    private volatile boolean holding;

    private OtherAgent(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    public static void premain(String argument, Instrumentation instrumentation) throws Exception {
        agentmain(argument, instrumentation);
    }

    public static void agentmain(String argument, Instrumentation instrumentation) throws Exception {
        OtherAgent agent = new OtherAgent(instrumentation);
        instrumentation.addTransformer(agent, true);
        ManagementFactory.getPlatformMBeanServer().registerMBean(agent, new ObjectName("dev.loom.it:type=OtherAgent"));
    }

    @Override
    public byte[] transform(
            Module module, ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        if (name == null || !name.startsWith("dev/loom/it/targets/")) {
            return null;
        }
        seen.put(name, classFile.clone());
        Long delay = redefined == null ? delays.get(name) : null;
        if (delay != null) {
            try {
                Thread.sleep(delay); // a slow agent, on purpose
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (redefined != null && name.equals(held) && System.nanoTime() < deadline) {
            holding = true;
            LockSupport.parkNanos(1_000_000);
        }
        if (name.equals(overridden)) {
            try (InputStream own = OtherAgent.class.getClassLoader().getResourceAsStream(name + ".class")) {
                return own.readAllBytes();
            } catch (Exception e) {
                return null;
            }
        }
        return null;
    }

    @Override
    public String digest(String className) {
        try {
            instrumentation.retransformClasses(Class.forName(className));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(seen.get(className.replace('.', '/')));
            return HexFormat.of().formatHex(digest);
        } catch (Exception e) {
            throw new IllegalStateException(e.toString());
        }
    }

    @Override
    public long retransform(String className) {
        try {
            Class<?> type = Class.forName(className);
            long start = System.nanoTime();
            instrumentation.retransformClasses(type);
            return System.nanoTime() - start;
        } catch (Exception e) {
            throw new IllegalStateException(e.toString());
        }
    }

    @Override
    public void redefine(String className, String file) {
        try {
            instrumentation.redefineClasses(new ClassDefinition(Class.forName(className), Files.readAllBytes(Path.of(file))));
        } catch (Exception | LinkageError e) {
            throw new IllegalStateException(e.toString());
        }
    }

    @Override
    public synchronized long retransformAlways(String className) {
        boolean running = always != null;
        always = className;
        if (className != null && !running) {
            Thread thread = new Thread(() -> {
                String now = always;
                while (now != null) {
                    try {
                        instrumentation.retransformClasses(Class.forName(now));
                        rounds.incrementAndGet();
                        Thread.sleep(3);
                    } catch (Exception | Error e) {
                        Bench.error("the other agent: " + e);
                    }
                    now = always;
                }
            }, "other-agent");
            thread.setDaemon(true);
            thread.start();
        }
        return rounds.get();
    }

    @Override
    public void override(String className) {
        overridden = className == null ? null : className.replace('.', '/');
    }

    @Override
    public void delay(String className, long millis) {
        delays.put(className.replace('.', '/'), millis);
    }

    @Override
    public void hold(String className) {
        held = className == null ? null : className.replace('.', '/');
        holding = false;
    }

    @Override
    public boolean isHolding() {
        return holding;
    }
}
