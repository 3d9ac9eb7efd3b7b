package dev.loom.console.support;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanException;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.StandardEmitterMBean;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;
import org.jspecify.annotations.Nullable;

/**
 * An agent one of whose answers is another than it should be: an attribute, the result of an operation, or an item of a filter's status
 * ({@code Filters.state}). Which, is said at run time through {@link ReplacedMXBean}. What an MBean says it is of does not bind it, so that
 * a number can stand where a text should.
 */
public final class ReplacedAnswers extends StandardEmitterMBean {

    /** Steers it, and tells how often the agent was asked. */
    public interface ReplacedMXBean {
        void replace(String where, String how);

        long getAsked();
    }

    private static final String STEERING = "dev.loom.test:type=Replaced";

    /** Says to a JVM that was started as {@code replaced} which answer to replace by what; nothing with two empty texts. */
    public static void replace(MBeanServerConnection jvm, String where, String how) throws Exception {
        String text = String.class.getName();
        jvm.invoke(new ObjectName(STEERING), "replace", new Object[] {where, how}, new String[] {text, text});
    }

    /** How many answers its agent has given. */
    public static long asked(MBeanServerConnection jvm) {
        try {
            return (Long) jvm.getAttribute(new ObjectName(STEERING), "Asked");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private record Replacement(String where, String how) {}

    private static final int MANY = 50_000;
    private static final int LONG = 3_000_000;

    private volatile Replacement replacement = new Replacement("", "");
    private final AtomicLong asked = new AtomicLong();

    ReplacedAnswers(FakeAgent agent) {
        super(agent, FakeAgentMXBean.class, true, agent);
    }

    /** Registers it as the agent of this JVM, and what steers it. */
    static void register(FakeAgent agent, MBeanServer server) throws Exception {
        ReplacedAnswers answers = new ReplacedAnswers(agent);
        server.registerMBean(answers, new ObjectName("dev.loom:type=Agent"));
        server.registerMBean(answers.steering(), new ObjectName(STEERING));
    }

    private ReplacedMXBean steering() {
        return new ReplacedMXBean() {
            @Override
            public void replace(String where, String how) {
                replacement = new Replacement(where, how);
            }

            @Override
            public long getAsked() {
                return asked.get();
            }
        };
    }

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException, MBeanException, ReflectionException {
        return answer(attribute, super.getAttribute(attribute));
    }

    @Override
    public AttributeList getAttributes(String[] attributes) {
        AttributeList answers = new AttributeList();
        for (Attribute attribute : super.getAttributes(attributes).asList()) {
            answers.add(new Attribute(attribute.getName(), answer(attribute.getName(), attribute.getValue())));
        }
        return answers;
    }

    @Override
    public Object invoke(String operation, Object @Nullable [] arguments, String @Nullable [] signature) throws MBeanException, ReflectionException {
        return answer(operation, super.invoke(operation, arguments, signature));
    }

    private @Nullable Object answer(String name, @Nullable Object right) {
        asked.incrementAndGet();
        Replacement now = replacement;
        String where = now.where();
        if (where.equals(name)) {
            return other(now.how(), right);
        }
        if (where.startsWith(name + ".")) {
            String item = where.substring(name.length() + 1);
            if (right instanceof CompositeData[] rows) {
                return Arrays.stream(rows).map(row -> with(row, item, now.how())).toArray(CompositeData[]::new);
            }
            if (right instanceof CompositeData row) {
                return with(row, item, now.how());
            }
        }
        return right;
    }

    private @Nullable Object other(String how, @Nullable Object right) {
        return switch (how) {
            case "null" -> null;
            case "empty" -> "";
            case "long" -> "x".repeat(LONG);
            case "control" -> "\u0000\u001b[31m\r\nHTTP/1.1 200\u202e<script>alert(1)</script>\ud800";
            case "number" -> Long.MIN_VALUE;
            case "nan" -> Double.NaN;
            case "endless" -> Double.POSITIVE_INFINITY;
            case "yes" -> Boolean.TRUE;
            case "bytes" -> new byte[LONG];
            case "nulls" -> new Object[100];
            case "texts" -> many();
            case "nested" -> nested();
            case "composite" -> composite();
            case "table" -> table();
            case "class" -> ReplacedAnswers.class;
            case "throws" -> throw new IllegalStateException("of the \u0007 test".repeat(10_000));
            case "error" -> throw new StackOverflowError();
            case "flapping" -> asked.get() % 2 == 0 ? right : Long.valueOf(-1);
            case "late" -> late(right);
            default -> throw new IllegalArgumentException(how);
        };
    }

    private static String[] many() {
        String[] texts = new String[MANY];
        Arrays.fill(texts, "t");
        return texts;
    }

    /** As deep as serialization goes without an overflow here. */
    private static Object nested() {
        Object inner = "x";
        for (int i = 0; i < 500; i++) {
            inner = new Object[] {inner};
        }
        return inner;
    }

    private static @Nullable Object late(@Nullable Object right) {
        try {
            Thread.sleep(1_500); // an agent that takes its time is what is played here
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return right;
    }

    private static CompositeData composite() {
        try {
            return new CompositeDataSupport(
                    new CompositeType("odd", "odd", new String[] {"key", "state"}, new String[] {"k", "s"}, new OpenType<?>[] {SimpleType.LONG, SimpleType.LONG}),
                    new String[] {"key", "state"}, new Object[] {1L, 2L});
        } catch (OpenDataException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TabularDataSupport table() {
        try {
            CompositeData row = composite();
            TabularDataSupport table = new TabularDataSupport(new TabularType("odd", "odd", row.getCompositeType(), new String[] {"key"}));
            table.put(row);
            return table;
        } catch (OpenDataException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A row one of whose items is another, of another type where that is what it takes; without the item where it cannot be one. */
    private CompositeData with(CompositeData row, String item, String how) {
        CompositeType type = row.getCompositeType();
        Object value = other(how, row.get(item));
        Map<String, Object> values = new HashMap<>();
        Map<String, OpenType<?>> types = new HashMap<>();
        for (String name : type.keySet()) {
            OpenType<?> its = name.equals(item) ? typeOf(value, type.getType(name)) : type.getType(name);
            if (its != null) {
                types.put(name, its);
                values.put(name, name.equals(item) ? value : row.get(name));
            }
        }
        String[] names = types.keySet().toArray(String[]::new);
        try {
            return new CompositeDataSupport(
                    new CompositeType("status", "of a test", names, names, Arrays.stream(names).map(types::get).toArray(OpenType<?>[]::new)), values);
        } catch (OpenDataException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable OpenType<?> typeOf(@Nullable Object value, OpenType<?> usual) {
        try {
            return value == null || usual.isValue(value) ? usual
                    : value instanceof String ? SimpleType.STRING
                    : value instanceof Long ? SimpleType.LONG
                    : value instanceof Double ? SimpleType.DOUBLE
                    : value instanceof Boolean ? SimpleType.BOOLEAN
                    : value instanceof CompositeData data ? data.getCompositeType()
                    : value instanceof TabularDataSupport table ? table.getTabularType()
                    : value instanceof String[] ? new javax.management.openmbean.ArrayType<String[]>(1, SimpleType.STRING)
                    : value instanceof byte[] ? javax.management.openmbean.ArrayType.getPrimitiveArrayType(byte[].class)
                    : null;
        } catch (OpenDataException e) {
            throw new IllegalStateException(e);
        }
    }
}
