import com.alibaba.druid.pool.DruidDataSource;
import com.alibaba.druid.stat.DruidDataSourceStatManager;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.management.ObjectName;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Avg;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Published faults of libraries, each in a loop: {@code Cases CASE SECONDS TRACES [DELAY]}, which begins after DELAY seconds. Writes what a log or jstack would hold of the first failure
 * to the file TRACES, and at the end prints the operations and failures. A deadlock ends it at once.
 */
public final class Cases {

    private static final AtomicLong OPERATIONS = new AtomicLong();
    private static final AtomicLong FAILURES = new AtomicLong();
    private static final AtomicBoolean WRITTEN = new AtomicBoolean();
    private static Path traces;

    private Cases() {}

    interface Step {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        traces = Path.of(arguments[2]);
        if (arguments.length > 3) {
            Thread.sleep(Long.parseLong(arguments[3]) * 1_000);
        }
        switch (arguments[0]) {
            case "kafka" -> kafka();
            case "druid" -> druid();
            case "scala" -> scala();
            case "spring" -> spring();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        long end = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000L;
        while (System.nanoTime() < end) {
            Thread.sleep(500);
            if (ManagementFactory.getThreadMXBean().findDeadlockedThreads() != null) {
                FAILURES.incrementAndGet();
                write((String) ManagementFactory.getPlatformMBeanServer().invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"), "threadPrint", new Object[] {new String[] {"-l"}},
                        new String[] {String[].class.getName()}));
                break;
            }
        }
        System.out.println("operations " + OPERATIONS + " failures " + FAILURES);
        if (Boolean.getBoolean("cases.exit")) {
            System.exit(0); // a recording is written at the end
        }
        Runtime.getRuntime().halt(0);
    }

    private static void loop(String name, Step step) {
        Thread thread = new Thread(() -> {
            while (true) {
                try {
                    step.run();
                } catch (Exception e) {
                    FAILURES.incrementAndGet();
                    StringWriter text = new StringWriter();
                    e.printStackTrace(new PrintWriter(text, true));
                    write(text.toString());
                }
                OPERATIONS.incrementAndGet();
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void write(String text) {
        if (WRITTEN.compareAndSet(false, true)) {
            try {
                Files.writeString(traces, text);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    // ---- KAFKA-6870: a metric is read while a sensor records --------------------------------------------------------------

    private static volatile Avg average = new Avg();

    private static void kafka() {
        MetricConfig config = new MetricConfig().eventWindow(1).samples(1_000);
        AtomicLong now = new AtomicLong(System.currentTimeMillis());
        loop("record", () -> {
            if (now.get() % 500 == 0) {
                average = new Avg();
            }
            average.record(config, 1, now.incrementAndGet());
        });
        loop("measure", () -> average.measure(config, now.get()));
    }

    // ---- druid: closing a data source against the reset of all statistics -------------------------------------------------

    private static void druid() throws Exception {
        loop("close", () -> {
            DruidDataSource source = new DruidDataSource();
            source.setUrl("jdbc:h2:mem:x");
            source.setDriverClassName("org.h2.Driver");
            source.init();
            source.close();
        });
        loop("reset", () -> DruidDataSourceStatManager.getInstance().reset());
    }

    // ---- SI-4929: parsers share what failed last --------------------------------------------------------------------------

    private static void scala() {
        for (int i = 0; i < 2; i++) {
            loop("parse-" + i, () -> scala.util.parsing.json.JSON.parseFull("{\"a\": [1, 2, {\"b\": true}], \"c\": \"d\"}"));
        }
    }

    // ---- a bean that takes the application's lock while it is made ---------------------------------------------------------

    private static final ReentrantLock LOCK = new ReentrantLock();

    private static volatile DefaultListableBeanFactory beans = factory();

    private static DefaultListableBeanFactory factory() {
        DefaultListableBeanFactory factory = new DefaultListableBeanFactory();
        factory.registerBeanDefinition("slow", new RootBeanDefinition(Object.class, Cases::slow));
        factory.registerBeanDefinition("other", new RootBeanDefinition(Object.class, Object::new));
        return factory;
    }

    private static Object slow() {
        LOCK.lock();
        try {
            return new Object();
        } finally {
            LOCK.unlock();
        }
    }

    private static void warmUp() {
        beans = factory();
        beans.getBean("slow");
    }

    private static void request() {
        LOCK.lock();
        try {
            beans.getBean("other");
        } finally {
            LOCK.unlock();
        }
    }

    private static void spring() {
        loop("warm-up", Cases::warmUp);
        loop("request", Cases::request);
    }
}
