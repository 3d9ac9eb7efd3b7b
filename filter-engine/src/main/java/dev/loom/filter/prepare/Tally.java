package dev.loom.filter.prepare;

import java.util.ArrayList;
import java.util.List;

/** What became of the classes of a jar or directory. Not thread-safe. */
public final class Tally {

    private int done;
    private int already;
    private int notNeeded;
    private final List<String> otherVersion = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final List<String> signed = new ArrayList<>();
    private final List<String> modules = new ArrayList<>();
    private boolean hasRuntime;

    void count(String place, Prepared outcome) {
        if (outcome instanceof Prepared.Done) {
            done++;
        } else if (outcome instanceof Prepared.Already) {
            already++;
        } else if (outcome instanceof Prepared.NotNeeded) {
            notNeeded++;
        } else if (outcome instanceof Prepared.OtherVersion other) {
            otherVersion.add(place + ": form " + other.version());
        } else if (outcome instanceof Prepared.Left one) {
            left.add(place + ": " + one.why());
        }
    }

    void signed(String jar) {
        signed.add(jar);
    }

    void module(String place) {
        modules.add(place);
    }

    void hasRuntime() {
        hasRuntime = true;
    }

    /** Classes that got their update points; of a look alone, that would get them. */
    public int done() {
        return done;
    }

    /** Classes that had them. */
    public int already() {
        return already;
    }

    /** Classes with no place for one. */
    public int notNeeded() {
        return notNeeded;
    }

    /** Classes that another version of Loom prepared, which stay as they are: where, and of which form. */
    public List<String> otherVersion() {
        return List.copyOf(otherVersion);
    }

    /** Classes that stay as they are: where, and why. */
    public List<String> left() {
        return List.copyOf(left);
    }

    /** Signed jars, which stay as they are. */
    public List<String> signed() {
        return List.copyOf(signed);
    }

    /** Module descriptors that were met. */
    public List<String> modules() {
        return List.copyOf(modules);
    }

    /** Whether the run-time part is, or was put, inside. */
    public boolean isWithRuntime() {
        return hasRuntime;
    }
}
