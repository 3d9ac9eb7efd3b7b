package dev.loom.agent.jmx;

import dev.loom.agent.control.FilterControl;
import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * Keeps Loom's MBeans in one MBean server: one for the agent, and one for each filter that {@link FilterControl} knows. Operations
 * run on the caller's thread and return as soon as the control does. Notifications are sent by a thread of Loom's own, because a
 * listener in this JVM is application code and may take any time it likes; when 1,000 are waiting, the oldest is lost.
 */
public final class MBeans implements AutoCloseable {

    /** Name of the agent's MBean. */
    public static final String AGENT = "dev.loom:type=Agent";

    private final FilterControl control;
    private final MBeanServer server;
    private final ObjectName agentName;
    private final OpenBean<?> agentBean;
    private final ThreadPoolExecutor notifier = LoomThreads.single("notifier", 1_000);
    private final AtomicLong number = new AtomicLong();
    /** By filter name; guarded by this. */
    private final Map<String, Registered> filterBeans = new LinkedHashMap<>();
    /** Guarded by this. */
    private boolean closed;

    private MBeans(FilterControl control, MBeanServer server, Runnable detach) {
        this.control = control;
        this.server = server;
        this.agentName = name(AGENT);
        this.agentBean = AgentBean.of(control, this::follow, detach);
    }

    /**
     * Registers the beans.
     *
     * @param detach takes the agent out of the JVM; must return at once
     * @throws IllegalStateException if another agent's bean is there already
     */
    public static MBeans register(FilterControl control, MBeanServer server, Runnable detach) {
        MBeans beans = new MBeans(control, server, detach);
        try {
            server.registerMBean(beans.agentBean, beans.agentName);
        } catch (InstanceAlreadyExistsException e) {
            throw new IllegalStateException(AGENT + " is already registered");
        } catch (JMException e) {
            throw new IllegalStateException(AGENT + " cannot be registered: " + e);
        }
        control.addListener(beans::happened);
        beans.follow();
        return beans;
    }

    /** Name of a filter's MBean. */
    public static ObjectName filterName(String filter) {
        return name("dev.loom:type=Filter,name=" + ObjectName.quote(filter));
    }

    /** Makes the beans agree with the filters that there are. */
    private synchronized void follow() {
        if (closed) {
            return;
        }
        Set<String> gone = new HashSet<>(filterBeans.keySet());
        for (FilterStatus status : control.filters()) {
            if (!gone.remove(status.filter()) && !filterBeans.containsKey(status.filter())) {
                add(status.filter());
            }
        }
        for (String filter : gone) {
            unregister(filterBeans.remove(filter).name);
        }
    }

    private void add(String filter) {
        Registered bean = new Registered(filterName(filter), FilterBean.of(control, filter, this::follow));
        try {
            server.registerMBean(bean.bean, bean.name);
            filterBeans.put(filter, bean);
        } catch (JMException e) {
            AgentLog.warn("MBean " + bean.name + " cannot be registered: " + e);
        }
    }

    private void unregister(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException e) {
            // somebody else removed it, which is what we want
        } catch (JMException e) {
            AgentLog.warn("MBean " + name + " cannot be taken away: " + e);
        }
    }

    private void happened(FilterEvent event) {
        long time = System.currentTimeMillis();
        notifier.execute(() -> {
            follow();
            Registered bean;
            synchronized (this) {
                if (closed) {
                    return;
                }
                bean = filterBeans.get(event.status().filter());
            }
            if (bean != null) {
                bean.bean.sendNotification(Events.toNotification(event, bean.name, number.incrementAndGet(), time));
            }
            agentBean.sendNotification(Events.toNotification(event, agentName, number.incrementAndGet(), time));
        });
    }

    /** Takes all beans away; what has already happened is still sent, for a second at most. */
    @Override
    public void close() {
        notifier.shutdown();
        try {
            notifier.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            closed = true;
            filterBeans.values().forEach(bean -> unregister(bean.name));
            filterBeans.clear();
            unregister(agentName);
        }
    }

    private static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(text + " is not an object name: " + e.getMessage());
        }
    }

    private record Registered(ObjectName name, OpenBean<FilterStatus> bean) {}
}
