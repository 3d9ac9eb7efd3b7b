package dev.loom.bootstrap;

import dev.loom.bootstrap.watch.Armed;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ForceInline;

/**
 * What watch points call while races are looked for. Whatever goes wrong here is counted in {@link Faults}, and the code goes on as if it
 * were not watched. Of the classes behind it none is there before somebody looks for races.
 */
public final class Watch {

    private Watch() {}

    /**
     * The calling thread is about to use an object. Nearly always one comparison and a branch: a place is of interest when it is to be sampled, or
     * when another thread pauses in front of what it would collide with.
     *
     * @param object whose field is used, or whose method is called; the class of a static field; may be null
     * @param place its number; frames of code from earlier searches come with numbers of these
     */
    @ForceInline
    public static void at(Object object, int place) {
        if (Armed.PLACES[place & Armed.PLACES.length - 1] != 0) {
            arrive(object, null, place);
        }
    }

    /**
     * As above, for a call that is about something within its object.
     *
     * @param about the key or element; may be null
     */
    @ForceInline
    public static void at(Object object, Object about, int place) {
        if (Armed.PLACES[place & Armed.PLACES.length - 1] != 0) {
            arrive(object, about, place);
        }
    }

    @DontInline
    private static void arrive(Object object, Object about, int place) {
        try {
            Armed.arrive(object, about, place);
        } catch (Throwable t) {
            // written out: see Hooks
            Error stop = null;
            try {
                stop = Faults.failed(Faults.Kind.AGENT, t);
            } catch (Throwable heldBack) {
                Faults.stackEnds++;
            }
            if (stop != null) {
                throw stop;
            }
        }
    }
}
