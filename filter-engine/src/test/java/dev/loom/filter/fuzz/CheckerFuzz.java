package dev.loom.filter.fuzz;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.diagnostic.Printable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Class files of any content are answered with remarks. The first byte of an input chooses the filter, the rest is the class file. */
public final class CheckerFuzz {

    /** The class that the filters are about, by its internal name. */
    public static final String TYPE = "com/acme/Bank";

    /** Filters that ask all the questions there are. */
    static final List<String> FILTERS = List.of(
            "com.acme.Bank#audit by this <> com.acme.Bank#close by this",
            "atomic { com.acme.Bank:29 ; com.acme.Bank:33 } by this.city",
            "shared com.acme.Bank#transfer by $1 <> com.acme.Bank#transfer(Account,long) by from.owner.id",
            "com.acme.Bank:29 > com.acme.Bank:33 each within 5s",
            "{ com.acme.Bank:50, com.acme.Bank:52 ; com.acme.Bank:54 } <> *",
            "atomic Bank.java:41",
            "atomic com.acme.Bank:58",
            "atomic com.acme.Bank#<init>",
            "atomic com.acme.Bnak#audit\natomic com.acme.Bank#adit\natomic com.acme.Bank:1",
            "atomic com.acme.Bank#log\npin com.acme.Bank#log(java.lang.String) sha256:"
                    + "0000000000000000000000000000000000000000000000000000000000000000");

    private CheckerFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length > 1) {
            byte[] classFile = java.util.Arrays.copyOfRange(data, 1, data.length);
            Effort.bounded(() -> check(FILTERS.get((data[0] & 0xFF) % FILTERS.size()), classFile));
        }
    }

    static void check(String filter, byte[] classFile) {
        CompileResult result = FilterCompiler.compile("fuzz.loom", filter, "fuzz", new One(classFile));
        String shown = DiagnosticRenderer.render(result.diagnostics(), filter);
        if (!shown.codePoints().allMatch(c -> c == '\n' || c == '\t' || Printable.isHarmless(c))) {
            throw new IllegalStateException("a remark would harm a terminal: " + Printable.of(shown));
        }
    }

    /** A source of one class. */
    record One(byte[] classFile) implements ClassSource {

        @Override
        public Optional<byte[]> find(String internalName) {
            return internalName.equals(TYPE) ? Optional.of(classFile) : Optional.empty();
        }

        @Override
        public Set<String> names() {
            return new TreeSet<>(Set.of(TYPE));
        }
    }
}
