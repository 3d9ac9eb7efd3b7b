package dev.loom.it.targets;

import java.util.List;
import java.util.Map;

/** What a program under test counts. */
public interface BenchMXBean {

    /** Entries into regions, by board. */
    Map<String, Long> getEntries();

    /** Entries that found somebody inside who should not be there, by board. */
    Map<String, Long> getOverlaps();

    /** Turns of each worker. */
    Map<String, Long> getBeats();

    /** What came out of workers that should not: their ends and exceptions. */
    List<String> getErrors();

    /** The beats of one worker; 0 if there is none of that name. */
    long beatsOf(String worker);

    /** Longest time between two turns of any worker since this was asked last, ns. */
    long takeLongestGap();

    /** The same of one worker. */
    long takeLongestGapOf(String worker);

    /** Tells the program to do something; what it answers. */
    String command(String text);
}
