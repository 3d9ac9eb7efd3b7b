package dev.loom.agent.control;

import java.util.List;

/**
 * A loaded class, with those inside it, as people read it: what the code of each source line does, and the hooks that are in force there.
 *
 * @param type the outermost class, {@code com.acme.Bank}
 * @param source where its source is kept, {@code com/acme/Bank.java}; empty if the class does not say
 * @param loader the class loader whose class this is, {@code app} or {@code com.acme.Loader@1b2c3d}
 * @param loaders all loaders that have loaded a class of the name
 * @param omitted what is left out because there is too much of it; empty if nothing is
 */
public record CodeListing(
        String type, String source, String loader, List<String> loaders, String omitted, List<Method> methods, List<Hook> hooks) {

    public CodeListing {
        loaders = List.copyOf(loaders);
        methods = List.copyOf(methods);
        hooks = List.copyOf(hooks);
    }

    /**
     * A method, or the body of a lambda.
     *
     * @param type the class that it is in, {@code com.acme.Bank$Worker}
     * @param name as the JVM knows it
     * @param descriptor as the JVM knows it
     * @param member how a filter names it
     * @param shown as Java writes it
     * @param keys what a region in it can have behind {@code by}
     * @param lines numbers of its lines in order; a 0 for code of which the class does not say the line
     * @param does what the code of each of them does
     */
    public record Method(
            String type, String name, String descriptor, String member, String shown, List<String> keys, List<Integer> lines, List<String> does) {

        public Method {
            keys = List.copyOf(keys);
            lines = List.copyOf(lines);
            does = List.copyOf(does);
        }
    }

    /**
     * Where a hook of a filter stands in one method. Ways out by an exception are on no line.
     *
     * @param id as among the filter's hooks
     * @param kind as among the filter's hooks
     * @param type the class of the method
     * @param method name and descriptor
     * @param enters lines before which it is entered, or waited
     * @param inside lines that are inside, as a whole or in part
     * @param leaves lines behind which it is left, or has happened
     * @param moves lines of which running frames of the method move to new code
     * @param inTheWay lines at which a frame in old code is in the way
     */
    public record Hook(
            String filter, String id, String kind, String type, String method, List<Integer> enters, List<Integer> inside, List<Integer> leaves,
            List<Integer> moves, List<Integer> inTheWay) {

        public Hook {
            enters = List.copyOf(enters);
            inside = List.copyOf(inside);
            leaves = List.copyOf(leaves);
            moves = List.copyOf(moves);
            inTheWay = List.copyOf(inTheWay);
        }
    }
}
