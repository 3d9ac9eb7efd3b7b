package dev.loom.console.support;

import java.util.Map;

/** What the console asks of an agent that cannot look for races yet. */
public interface OldAgentMXBean {

    String getVersion();

    String getMode();

    String getName();

    Map<String, String> getLabels();

    long getUptime();

    int getInstrumentedClasses();

    int getInstrumentedMethods();

    long getTransformTimeMillis();

    double getOverheadPercent();

    long getAgentFaults();

    FakeStatus[] getFilters();

    FakeStatus install(String name, String text, String options);

    FakeStatus check(String text);

    String explain(String text);

    String[] complete(String typed);

    FakeStatus remove(String name);

    FakeStatus acceptStragglers(String name, String why);

    FakeStatus cancel(String name);
}
