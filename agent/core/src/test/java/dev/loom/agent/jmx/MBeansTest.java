package dev.loom.agent.jmx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterState;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanOperationInfo;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MBeansTest {

    private final FakeControl control = new FakeControl();
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final AtomicInteger detached = new AtomicInteger();
    private ObjectName agent;
    private MBeans beans;

    @BeforeEach
    void register() throws Exception {
        agent = new ObjectName(MBeans.AGENT);
        beans = MBeans.register(control, server, detached::incrementAndGet);
    }

    @AfterEach
    void close() {
        beans.close();
    }

    @Test
    void theAgentShowsExactlyTheAttributesAndOperationsOfTheContract() throws Exception {
        MBeanInfo info = server.getMBeanInfo(agent);

        assertEquals(
                new TreeSet<>(Set.of("Version", "Mode", "Name", "Labels", "Uptime", "InstrumentedClasses", "InstrumentedMethods", "UnpreparedClasses",
                        "SkippedMethods", "TransformTimeMillis", "OverheadPercent", "AgentFaults", "Filters", "Findings", "FindStatus")),
                names(info.getAttributes()));
        assertEquals(
                new TreeSet<>(Set.of("install", "check", "explain", "complete", "pin", "interleavings", "remove", "removeAll", "acceptStragglers", "cancel", "detach",
                        "find", "stopFinding", "suggest", "listing")),
                names(info.getOperations()));
    }

    @Test
    void aFilterShowsExactlyTheAttributesAndOperationsOfTheContract() throws Exception {
        install("bank", "text", "");

        MBeanInfo info = server.getMBeanInfo(MBeans.filterName("bank"));

        assertEquals(
                new TreeSet<>(Set.of("State", "EnabledSince", "Digest", "Text", "EvacuationProgress", "Mode", "CpuPercent", "WaitPercent", "Waits", "Interleavings", "Deadlocks", "Harmful", "WaitingFor",
                        "Cause", "Accepted", "Shells", "Stragglers", "Hooks", "OverheadPercent", "Diagnostics")),
                names(info.getAttributes()));
        assertEquals(new TreeSet<>(Set.of("remove", "cancel", "acceptStragglers", "resetCounters")), names(info.getOperations()));
    }

    @Test
    void everythingHasADescriptionAndEachOperationAnImpact() throws Exception {
        install("bank", "text", "");

        for (ObjectName name : server.queryNames(new ObjectName("dev.loom:*"), null)) {
            MBeanInfo info = server.getMBeanInfo(name);
            assertEquals("true", info.getDescriptor().getFieldValue("mxbean"), "clients see an MXBean");
            assertFalse(info.getDescription().isBlank());
            Stream.of(info.getAttributes(), info.getOperations(), info.getNotifications()).flatMap(Arrays::stream).forEach(feature -> {
                assertFalse(feature.getDescription().isBlank(), name + " " + feature.getName());
                assertNotEquals(feature.getName(), feature.getDescription());
            });
            for (MBeanAttributeInfo attribute : info.getAttributes()) {
                assertInstanceOf(OpenMBeanAttributeInfo.class, attribute);
                assertTrue(attribute.isReadable() && !attribute.isWritable());
            }
            for (MBeanOperationInfo operation : info.getOperations()) {
                assertInstanceOf(OpenMBeanOperationInfo.class, operation);
                boolean looks = Set.of("check", "explain", "complete", "suggest", "pin", "interleavings", "listing").contains(operation.getName());
                assertEquals(looks ? MBeanOperationInfo.INFO : MBeanOperationInfo.ACTION, operation.getImpact(), operation.getName());
                Arrays.stream(operation.getSignature()).forEach(parameter -> {
                    assertFalse(parameter.getDescription().isBlank());
                    assertFalse(parameter.getName().matches("p\\d+"), "jconsole shows the parameter's name");
                    assertEquals("java.lang.String", parameter.getType(), "jconsole can call it");
                });
            }
            assertEquals(5, info.getNotifications().length);
        }
    }

    @Test
    void attributesAreOpenData() throws Exception {
        install("bank", "text", "");

        TabularData labels = (TabularData) server.getAttribute(agent, "Labels");
        assertEquals("prod", labels.get(new Object[] {"env"}).get("value"));
        CompositeData[] skipped = (CompositeData[]) server.getAttribute(agent, "SkippedMethods");
        assertEquals("too large", skipped[0].get("reason"));
        assertEquals(2, skipped[0].get("count"));
        CompositeData filter = ((CompositeData[]) server.getAttribute(agent, "Filters"))[0];
        assertEquals("bank", filter.get("filter"));
        assertEquals("ACTIVE", filter.get("state"));
        assertArrayEquals(new String[] {"com.acme.Late"}, (String[]) filter.get("waitingFor"));
        CompositeData straggler = ((CompositeData[]) filter.get("stragglers"))[0];
        assertArrayEquals(new String[] {"a", "b"}, (String[]) straggler.get("stack"));
        CompositeData hook = ((CompositeData[]) filter.get("hooks"))[0];
        assertEquals(10L, hook.get("hits"));
        CompositeData diagnostic = ((CompositeData[]) filter.get("diagnostics"))[0];
        assertEquals(8, diagnostic.get("column"));
    }

    @Test
    void aListingIsOpenDataWithTheLinesAsNumbers() throws Exception {
        CompositeData listing = (CompositeData) server.invoke(
                agent, "listing", new Object[] {"com.acme.Bank", ""}, new String[] {"java.lang.String", "java.lang.String"});

        assertEquals("com/acme/Bank.java", listing.get("source"));
        CompositeData method = ((CompositeData[]) listing.get("methods"))[0];
        assertArrayEquals(new int[] {41, 42}, (int[]) method.get("lines"));
        assertArrayEquals(new String[] {"reads Bank.total", "returns"}, (String[]) method.get("does"));
        CompositeData hook = ((CompositeData[]) listing.get("hooks"))[0];
        assertEquals("h1", hook.get("id"));
        assertArrayEquals(new int[] {42}, (int[]) hook.get("leaves"));
    }

    /** What an application that has no class of Loom's would write. */
    public interface PlainAgent {
        String getVersion();

        java.util.Map<String, String> getLabels();

        long getUptime();

        PlainFilter[] getFilters();
    }

    /** A part of a filter's status. */
    public interface PlainFilter {
        String getFilter();

        double getProgress();
    }

    @Test
    void anMxbeanProxyReadsIt() throws Exception {
        install("bank", "text", "");
        PlainAgent proxy = JMX.newMXBeanProxy(server, agent, PlainAgent.class);

        assertEquals("1.2.3", proxy.getVersion());
        assertEquals("prod", proxy.getLabels().get("env"));
        assertEquals(12, proxy.getUptime());
        assertEquals("bank", proxy.getFilters()[0].getFilter());
    }

    @Test
    void aRejectedFilterIsAResultAndNotAnException() throws Exception {
        CompositeData rejected = install("bank", "wrong", "");

        assertEquals("REJECTED", rejected.get("state"));
        assertEquals("REJECTED", server.getAttribute(MBeans.filterName("bank"), "State"), "an ended filter keeps its bean");
    }

    @Test
    void aCheckWithoutErrorsHasNoState() throws Exception {
        assertNull(((CompositeData) call(agent, "check", "fine")).get("state"));
        assertFalse(server.isRegistered(MBeans.filterName("checked")));
    }

    @Test
    void optionsAreUnderstood() throws Exception {
        assertEquals("OBSERVING", install("bank", "text", "mode=observe,on-straggler=reverse:75s").get("state"));
    }

    @Test
    void exceptionsAreTheJdksWithoutCauses() {
        RuntimeMBeanException wrong = assertThrows(RuntimeMBeanException.class, () -> install("bank", "text", "mode=loud"));
        assertInstanceOf(IllegalArgumentException.class, wrong.getCause());
        assertTrue(wrong.getCause().getMessage().startsWith("unknown install option 'mode=loud'"));

        RuntimeMBeanException fault = assertThrows(RuntimeMBeanException.class, () -> install("bank", "fault", ""));
        assertEquals("broken", fault.getCause().getMessage());
        assertNull(fault.getCause().getCause());
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThrows(AttributeNotFoundException.class, () -> server.getAttribute(agent, "Nothing"));
        assertThrows(AttributeNotFoundException.class, () -> server.setAttribute(agent, new Attribute("Version", "x")));
        assertThrows(ReflectionException.class, () -> call(agent, "install", "too few"));
        RuntimeMBeanException none = assertThrows(RuntimeMBeanException.class, () -> call(agent, "remove", "nobody"));
        assertEquals("there is no filter 'nobody' in this JVM", none.getCause().getMessage());
    }

    @Test
    void filterBeansComeAndGoWithTheFilters() throws Exception {
        install("a b-c.d:1", "text", "");
        ObjectName name = MBeans.filterName("a b-c.d:1");
        assertEquals("dev.loom:type=Filter,name=\"a b-c.d:1\"", name.toString());
        assertEquals("text", server.getAttribute(name, "Text"));

        call(name, "remove");
        assertEquals("REMOVED", server.getAttribute(name, "State"));

        control.forget("a b-c.d:1");
        install("other", "text", "");
        assertFalse(server.isRegistered(name));
    }

    @Test
    void bothBeansNotifyWithTheStatusAsUserData() throws Exception {
        BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();
        install("bank", "text", "");
        server.addNotificationListener(agent, (notification, handback) -> heard.add(notification), n -> isStraggler(n), null);
        server.addNotificationListener(
                MBeans.filterName("bank"), (notification, handback) -> heard.add(notification), n -> isStraggler(n), null);

        control.happens(FilterEvent.Kind.STRAGGLER, "worker stays", FakeControl.status("bank", FilterState.EVACUATING, "text"));

        Set<Object> sources = new java.util.HashSet<>();
        for (int i = 0; i < 2; i++) {
            Notification notification = heard.poll(10, TimeUnit.SECONDS);
            assertEquals("dev.loom.filter.straggler", notification.getType());
            assertEquals("worker stays", notification.getMessage());
            assertEquals("EVACUATING", ((CompositeData) notification.getUserData()).get("state"));
            sources.add(notification.getSource());
        }
        assertEquals(Set.of(agent, MBeans.filterName("bank")), sources);
    }

    private static boolean isStraggler(Notification notification) {
        return notification.getType().equals("dev.loom.filter.straggler");
    }

    @Test
    void aSearchForRacesIsBegunAndEndedAndShowsWhatItHasSeen() throws Exception {
        CompositeData begun = (CompositeData) call(agent, "find", "com.acme.**", "for=2m, budget=5%");
        assertEquals("FINDING", begun.get("state"));
        assertEquals("com.acme.**", begun.get("classes"));
        assertEquals(120_000L, begun.get("forMillis"));
        assertEquals(5.0, begun.get("budgetPercent"));
        assertEquals(begun, server.getAttribute(agent, "FindStatus"));

        call(agent, "stopFinding");
        CompositeData found = ((CompositeData[]) server.getAttribute(agent, "Findings"))[0];
        assertEquals("DATA_RACE", found.get("kind"));
        assertEquals(3L, found.get("count"));
        assertEquals("com.acme.Bank.sum", ((CompositeData[]) found.get("sides"))[1].get("target"));

        for (String wrong : new String[] {"for=soon", "for=25h", "budget=0", "budget=", "for=10ms", "watch=all"}) {
            RuntimeMBeanException refused = assertThrows(RuntimeMBeanException.class, () -> call(agent, "find", "com.acme.**", wrong));
            assertTrue(refused.getTargetException().getMessage().contains("'" + wrong.replaceFirst("(for|budget)=", "") + "'"), wrong);
        }
    }

    @Test
    void filtersAreProposedForAText() throws Exception {
        CompositeData[] proposed = (CompositeData[]) call(agent, "suggest", "com.acme.Bank#pay");
        assertEquals("atomic com.acme.Bank#pay", proposed[0].get("filter"));
        assertEquals("why", proposed[0].get("why"));
        assertEquals(true, proposed[0].get("warned"));
    }

    @Test
    void detachReturnsAtOnceAndIsPassedOn() throws Exception {
        assertEquals("detaching", call(agent, "detach"));
        assertEquals(1, detached.get());
    }

    @Test
    void nothingIsLeftAfterClose() throws Exception {
        install("bank", "text", "");

        beans.close();

        assertEquals(Set.of(), server.queryNames(new ObjectName("dev.loom:*"), null));
    }

    @Test
    void aSecondAgentIsRefused() {
        assertThrows(IllegalStateException.class, () -> MBeans.register(control, server, () -> {}));
    }

    private CompositeData install(String name, String text, String options) throws Exception {
        return (CompositeData) call(agent, "install", name, text, options);
    }

    private Object call(ObjectName bean, String operation, String... arguments) throws Exception {
        String[] types = new String[arguments.length];
        Arrays.fill(types, "java.lang.String");
        return server.invoke(bean, operation, arguments, types);
    }

    private static Set<String> names(MBeanFeatureInfo[] features) {
        return Arrays.stream(features).map(MBeanFeatureInfo::getName).collect(Collectors.toCollection(TreeSet::new));
    }
}
