package dev.loom.agent.jmx;

import static javax.management.openmbean.SimpleType.STRING;

import dev.loom.agent.control.CodeListing;
import java.util.List;
import javax.management.openmbean.ArrayType;

/** The shapes in which a class is listed; item names are part of the public contract. */
final class ListingSchemas {

    private static final ArrayType<int[]> LINES = ArrayType.getPrimitiveArrayType(int[].class);

    private static final Schema<CodeListing.Method> METHOD = Schema.<CodeListing.Method>of("dev.loom.ListedMethod", "A method, line by line")
            .item("type", STRING, "Class that it is in", CodeListing.Method::type)
            .item("name", STRING, "Name, as the JVM knows it", CodeListing.Method::name)
            .item("descriptor", STRING, "Descriptor, as the JVM knows it", CodeListing.Method::descriptor)
            .item("member", STRING, "How a filter names it", CodeListing.Method::member)
            .item("shown", STRING, "The method as Java writes it", CodeListing.Method::shown)
            .item("keys", Schemas.STRINGS, "What a region in it can have behind by", m -> texts(m.keys()))
            .item("lines", LINES, "Numbers of its lines in order; a 0 for code of which the class does not say the line", m -> numbers(m.lines()))
            .item("does", Schemas.STRINGS, "What the code of each of these lines does", m -> texts(m.does()))
            .build();

    private static final Schema<CodeListing.Hook> HOOK = Schema.<CodeListing.Hook>of("dev.loom.ListedHook", "Where a hook stands in one method")
            .item("filter", STRING, "Filter that it is of", CodeListing.Hook::filter)
            .item("id", STRING, "Name of the hook, unique within the filter", CodeListing.Hook::id)
            .item("kind", STRING, "region, shared region or event", CodeListing.Hook::kind)
            .item("type", STRING, "Class of the method", CodeListing.Hook::type)
            .item("method", STRING, "Name and descriptor of the method", CodeListing.Hook::method)
            .item("enters", LINES, "Lines before which it is entered, or waited", h -> numbers(h.enters()))
            .item("inside", LINES, "Lines that are inside, as a whole or in part", h -> numbers(h.inside()))
            .item("leaves", LINES, "Lines behind which it is left, or has happened; an exception leaves on no line", h -> numbers(h.leaves()))
            .item("moves", LINES, "Lines of which running frames of the method move to new code", h -> numbers(h.moves()))
            .item("inTheWay", LINES, "Lines at which a frame in old code is in the way", h -> numbers(h.inTheWay()))
            .build();

    static final Schema<CodeListing> LISTING = Schema.<CodeListing>of("dev.loom.CodeListing", "A loaded class and those inside it, line by line")
            .item("type", STRING, "The outermost class", CodeListing::type)
            .item("source", STRING, "Where its source is kept; empty if the class does not say", CodeListing::source)
            .item("loader", STRING, "Class loader whose class this is", CodeListing::loader)
            .item("loaders", Schemas.STRINGS, "All class loaders that have loaded a class of the name", l -> texts(l.loaders()))
            .item("omitted", STRING, "What is left out because there is too much of it; empty if nothing is", CodeListing::omitted)
            .item("methods", METHOD.arrayType(), "Methods and bodies of lambdas", l -> METHOD.toArray(l.methods()))
            .item("hooks", HOOK.arrayType(), "Hooks that are in force there", l -> HOOK.toArray(l.hooks()))
            .build();

    private ListingSchemas() {}

    private static String[] texts(List<String> texts) {
        return texts.toArray(String[]::new);
    }

    private static int[] numbers(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
