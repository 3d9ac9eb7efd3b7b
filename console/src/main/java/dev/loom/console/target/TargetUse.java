package dev.loom.console.target;

import java.util.List;

/** Knows which filters shall be enabled in a JVM. */
public interface TargetUse {
    List<String> filtersOn(long targetId);
}
