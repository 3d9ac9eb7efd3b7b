package dev.loom.races;

import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.ServletContextAttributeEvent;
import javax.servlet.ServletContextAttributeListener;
import org.apache.catalina.core.ApplicationContext;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardEngine;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.core.StandardService;

/** Tomcat bug 53498: removing an attribute looks, gets and removes, so two threads remove one attribute, the second a null. */
final class Tomcat53498 implements Race {

    private static final int BATCH = 50;

    private final Exclusion exclusion;
    private final AtomicInteger nulls = new AtomicInteger();
    private final ApplicationContext context;

    Tomcat53498(Exclusion exclusion) {
        this.exclusion = exclusion;
        StandardEngine engine = new StandardEngine();
        engine.setService(new StandardService());
        StandardHost host = new StandardHost();
        host.setParent(engine);
        StandardContext standard = new StandardContext();
        standard.setParent(host);
        standard.setApplicationEventListeners(new Object[] {new Listener()});
        context = new ApplicationContext(standard);
    }

    @Override
    public void prepare() {
        nulls.set(0);
        for (int i = 0; i < BATCH; i++) {
            context.setAttribute("attribute-" + i, "value");
        }
    }

    @Override
    public void first() {
        removeAll();
    }

    @Override
    public void second() {
        removeAll();
    }

    private void removeAll() {
        for (int i = 0; i < BATCH; i++) {
            String name = "attribute-" + i;
            exclusion.alone(() -> context.removeAttribute(name));
        }
    }

    @Override
    public int failures() {
        return nulls.get();
    }

    @Override
    public int operations() {
        return BATCH;
    }

    private final class Listener implements ServletContextAttributeListener {
        @Override
        public void attributeAdded(ServletContextAttributeEvent event) {}

        @Override
        public void attributeRemoved(ServletContextAttributeEvent event) {
            if (event.getValue() == null) {
                Traces.note(new IllegalStateException("the attribute that was removed is null"));
                nulls.incrementAndGet();
            }
        }

        @Override
        public void attributeReplaced(ServletContextAttributeEvent event) {}
    }
}
