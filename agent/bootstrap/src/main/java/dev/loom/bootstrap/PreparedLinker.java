package dev.loom.bootstrap;

import java.lang.invoke.CallSite;
import java.lang.invoke.MutableCallSite;
import java.util.function.Function;

/** Takes the guards of prepared classes into {@link UpdatePointSites}. Thread-safe. */
public final class PreparedLinker implements Function<Object[], CallSite> {

    /** The only one; {@link PreparedGuards} of whatever loader asks for it by name. */
    public static final Function<Object[], CallSite> LINKER = new PreparedLinker();

    private static final ClassValue<boolean[]> LINKED = new ClassValue<>() {
        @Override
        protected boolean[] computeValue(Class<?> type) {
            return new boolean[1];
        }
    };

    private PreparedLinker() {}

    /** Takes class, text of the guard, and the call site that the guard has already, or null. */
    @Override
    public CallSite apply(Object[] guard) {
        Class<?> type = (Class<?>) guard[0];
        String text = (String) guard[1];
        // the point, two numbers for whoever takes the class back to what it was, and the method
        int end = text.indexOf(' ');
        int point = Integer.parseInt(text.substring(0, end));
        String method = text.substring(text.indexOf(' ', text.indexOf(' ', end + 1) + 1) + 1);
        LINKED.get(type)[0] = true;
        return guard[2] == null
                ? UpdatePointSites.of(type, method).site(0, point)
                : UpdatePointSites.of(type, method).adopt(0, point, (MutableCallSite) guard[2]);
    }

    /** Whether guards of a prepared class are known here; those are that it has reached. */
    public static boolean knows(Class<?> type) {
        return LINKED.get(type)[0];
    }
}
