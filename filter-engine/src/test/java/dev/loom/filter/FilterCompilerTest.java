package dev.loom.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.plan.WeavingPlan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FilterCompilerTest {

    private static final Sources BANK = Sources.compile(
            "Bank.java",
            """
            package com.acme;

            import java.util.List;

            public class Bank extends Branch {
                static final Object LOCKS = new Object();
                private final Account cash = new Account();
                int total;

                void transfer(Account from, long amount) {
                    from.balance -= amount;                        // @take
                    for (int i = 0; i < 3; i++) {
                        long fee = i * amount;                     // @fee
                        total += fee;                              // @add
                    }
                    cash.balance += amount;                        // @give
                }

                void transfer(Account from, Account to, long amount) {
                    to.balance += amount;                          // @second
                }

                static void audit(Bank bank) {
                    System.out.println(bank.total);                // @audit
                }

                void each(List<Account> accounts) {
                    accounts.forEach(a -> {
                        a.balance = total;                         // @lambda
                    });
                    Runnable r = new Runnable() {
                        @Override
                        public void run() {
                            total++;                               // @anonymous
                        }
                    };
                    r.run();
                }

                class Teller implements Runnable {
                    @Override
                    public void run() {
                        while (total < 10) {
                            total++;                               // @teller
                        }
                    }
                }

                static class Account {
                    Owner owner;
                    long balance;
                }

                static class Owner {
                    String name;
                    Integer id;
                }
            }

            class Branch {
                protected Object city = "x";

                void close() {}
            }
            """);

    @Test
    void aLineRegionGivesOneRegionOfOneMethod() {
        WeavingPlan plan = compiled("atomic { com.acme.Bank:@take ; com.acme.Bank:@give } by this");

        assertEquals(1, plan.methods().size());
        MethodPlan method = plan.methods().get(0);
        assertEquals("com/acme/Bank", method.method().owner());
        assertEquals("transfer(Lcom/acme/Bank$Account;J)V", method.method().key());
        assertTrue(method.bodyDigest().matches("sha256:[0-9a-f]{64}"));
        RegionPlan region = method.regions().get(0);
        assertEquals(Set.of(BANK.line("take")), region.entryLines());
        assertEquals(Set.of(BANK.line("give")), region.exitLines());
        assertEquals(BANK.lines("com.acme.Bank#transfer:@take-@give"), region.location());
        assertEquals(new KeyPlan(new KeyPlan.Base.This(), List.of(), "this"), region.key());
    }

    @Test
    void aMethodWithoutParameterListMeansEveryOverload() {
        WeavingPlan plan = compiled("com.acme.Bank#transfer by this <> com.acme.Bank#audit by bank");

        List<RegionPlan> regions = plan.methods().stream().flatMap(m -> m.regions().stream()).toList();
        assertEquals(3, regions.size());
        assertEquals(Set.of(0, 1, 2), regions.stream().map(RegionPlan::index).collect(Collectors.toSet()));
        assertTrue(regions.stream().allMatch(RegionPlan::isWholeMethod));
    }

    @Test
    void aParameterListPicksOneOverloadAndMayBeShortOrFull() {
        assertEquals(List.of("transfer(Lcom/acme/Bank$Account;J)V"), methods("atomic com.acme.Bank#transfer(Account,long)"));
        assertEquals(
                List.of("transfer(Lcom/acme/Bank$Account;J)V"),
                        methods("atomic com.acme.Bank#transfer(com.acme.Bank.Account, long)"));
        assertEquals(
                List.of("transfer(Lcom/acme/Bank$Account;Lcom/acme/Bank$Account;J)V"),
                methods("atomic com.acme.Bank#transfer(Bank.Account, Bank$Account, long)"));
    }

    @Test
    void aliasesAndDeclaredNamesStandForWhatTheyName() {
        WeavingPlan plan = compiled(
                """
                filter "two sides" {
                    use com.acme.Bank
                    use com.acme.Bank.Teller as T
                    event take = Bank:@take
                    region move = { take ; Bank:@give }
                    region work = T:@teller by Bank.this
                    observe shared move by this <> work
                }
                """);

        assertEquals("two sides", plan.filter());
        ConstraintPlan.Exclusion constraint = (ConstraintPlan.Exclusion) plan.constraints().get(0);
        assertTrue(constraint.observe());
        assertTrue(constraint.keyed());
        assertEquals(List.of(true, false), constraint.shared());
        assertEquals(
                BANK.lines(
                        "shared { com.acme.Bank:@take ; com.acme.Bank:@give } by this <> com.acme.Bank.Teller:@teller by "
                        + "com.acme.Bank.this"),
                constraint.canonicalText());
        RegionPlan teller = plan.methodsOf("com/acme/Bank$Teller").get(0).regions().get(0);
        assertEquals(
                new KeyPlan(
                        new KeyPlan.Base.This(),
                        List.of(new KeyPlan.FieldRef("com/acme/Bank$Teller", "this$0", "Lcom/acme/Bank;")),
                        "com.acme.Bank.this"),
                teller.key());
        assertEquals(Set.of("com/acme/Bank", "com/acme/Bank$Teller"), plan.classes());
    }

    @Test
    void aRegionAgainstItselfIsAtomic() {
        ConstraintPlan plan = compiled("com.acme.Bank#audit <> com.acme.Bank#audit").constraints().get(0);

        assertEquals(compiled("atomic com.acme.Bank#audit").constraints().get(0), plan);
    }

    @Test
    void linesOfNestedAnonymousAndLambdaBodiesAreFoundFromTheOuterClass() {
        assertEquals(List.of("lambda$each$0(Lcom/acme/Bank$Account;)V"), methods("atomic com.acme.Bank:@lambda"));
        assertEquals(Set.of("com/acme/Bank$1"), compiled("atomic com.acme.Bank:@anonymous").classes());
        assertEquals(Set.of("com/acme/Bank$Teller"), compiled("atomic com.acme.Bank:@teller").classes());
        assertEquals(Set.of("com/acme/Bank$Teller"), compiled("atomic com.acme.Bank.Teller#run:@teller").classes());
    }

    @Test
    void stackFramesAndFileNamesAreLocationsToo() {
        List<String> expected = methods("atomic com.acme.Bank:@give");

        assertEquals(expected, methods("atomic at com.acme.Bank.transfer(Bank.java:@give)"));
        assertEquals(expected, methods("atomic com.acme.Bank.transfer(Bank.java:@give)"));
        assertEquals(expected, methods("atomic at app//com.acme.Bank.transfer(Bank.java:@give) ~[bank-1.0.jar:1.0]"));
        assertEquals(expected, methods("atomic at java.base@17.0.1/com.acme.Bank.transfer(Bank.java:@give)"));
        assertEquals(expected, methods("atomic { at com.acme.Bank.transfer(Bank.java:@take) ; Bank.java:@give }"));
        assertEquals(
                Set.of("com/acme/Bank$Teller"), compiled("atomic at com.acme.Bank$Teller.run(Bank.java:@teller)").classes());
    }

    @Test
    void aFileNameMeansAllClassesThatWereCompiledFromIt() {
        Sources sources = Sources.compile(
                        "Shop.java",
                        """
                        package com.acme;
                        public class Shop {
                            void sell() { System.out.println(); }      // @sell
                        }
                        class Till {
                            void open() { System.out.println(); }      // @open
                        }
                        """)
                .add(List.of("-g"), "Shop.java",
                        "package org.other;\npublic class Shop {\n    void buy() { System.out.println(); }\n}\n");

        assertEquals(Set.of("com/acme/Till"), compiled("atomic Shop.java:@open", sources).classes());
        assertEquals("LOOM-024", rejected("atomic Shop.java:@sell", sources).get(0).code());
        assertEquals("LOOM-020", rejected("atomic Shed.java:1", sources).get(0).code());
    }

    @Test
    void withoutAnyClassOnlyTheTextIsChecked() {
        ClassSource nothingYet = new ClassSource() {
            @Override
            public java.util.Optional<byte[]> find(String internalName) {
                return java.util.Optional.empty();
            }

            @Override
            public Set<String> names() {
                return Set.of();
            }

            @Override
            public boolean mayGrow() {
                return true;
            }
        };

        CompileResult result = FilterCompiler.compile("f", "com.acme.Bank#m by x <> Bank.java:12 by this.y", "f", nothingYet);

        assertInstanceOf(CompileResult.Compiled.class, result);
        assertEquals(List.of("LOOM-070", "LOOM-070"), result.diagnostics().stream().map(Diagnostic::code).toList());
    }

    @Test
    void keysFollowLocalsThroughCopiesOfAFinallyBlock() {
        Sources sources = Sources.compile(
                "F.java",
                """
                class F {
                    int x;
                    void m(String name) {
                        String own = name + x;
                        try {
                            x = own.length();
                        } finally {
                            x++;                                       // @copied
                        }
                        for (int i = 0; i < 3; i++) { String deep = own + i; x = deep.length(); } // @loop
                    }
                }
                """);

        assertEquals("own", compiled("atomic F:@copied by own", sources).methods().get(0).regions().get(0).key().text());
        assertEquals("LOOM-040", rejected("atomic F:@loop by deep", sources).get(0).code());
    }

    @Test
    void keysAreFoundInLocalsParametersFieldsAndConstants() {
        assertEquals(
                new KeyPlan(
                        new KeyPlan.Base.Local("fee", Map.of(BANK.line("add"), new KeyPlan.Slot(5, "J"))), List.of(), "fee"),
                key("atomic com.acme.Bank:@add by fee"));
        assertEquals(
                new KeyPlan(
                        new KeyPlan.Base.Local("from", Map.of(0, new KeyPlan.Slot(1, "Lcom/acme/Bank$Account;"))),
                        List.of(
                                new KeyPlan.FieldRef("com/acme/Bank$Account", "owner", "Lcom/acme/Bank$Owner;"),
                                new KeyPlan.FieldRef("com/acme/Bank$Owner", "id", "Ljava/lang/Integer;")),
                        "from.owner.id"),
                key("atomic com.acme.Bank#transfer(Account,long) by from.owner.id"));
        assertEquals(
                new KeyPlan(new KeyPlan.Base.Local("$2", Map.of(0, new KeyPlan.Slot(2, "J"))), List.of(), "$2"),
                key("atomic com.acme.Bank#transfer(Account,long) by $2"));
        KeyPlan inherited = key("atomic com.acme.Bank:@take by this.city");
        assertEquals(List.of(new KeyPlan.FieldRef("com/acme/Branch", "city", "Ljava/lang/Object;")), inherited.path());
        assertEquals(inherited.path(), key("atomic com.acme.Bank:@take by city").path());
        KeyPlan.Base locks = new KeyPlan.Base.Static(new KeyPlan.FieldRef("com/acme/Bank", "LOCKS", "Ljava/lang/Object;"));
        assertEquals(locks, key("atomic com.acme.Bank:@audit by LOCKS").base());
        assertEquals(locks, key("atomic com.acme.Bank:@audit by com.acme.Bank.LOCKS").base());
        assertEquals(locks, key("use com.acme.Bank as B atomic com.acme.Bank:@audit by B.LOCKS").base());
        assertEquals(new KeyPlan.Base.ClassLiteral("com/acme/Bank"),
                key("atomic com.acme.Bank:@audit by com.acme.Bank.class").base());
        assertEquals(new KeyPlan.Base.Literal(7), key("atomic com.acme.Bank:@audit by 7").base());
        assertEquals(new KeyPlan.Base.Literal("a\"b"), key("atomic com.acme.Bank:@audit by \"a\\\"b\"").base());
        assertEquals(
                List.of(
                        new KeyPlan.FieldRef("com/acme/Bank$1", "this$0", "Lcom/acme/Bank;"),
                        new KeyPlan.FieldRef("com/acme/Bank", "total", "I")),
                key("atomic com.acme.Bank:@anonymous by total").path());
    }

    @Test
    void everyErrorIsReportedInOneRun() {
        List<Diagnostic> errors = rejected(
                """
                region a = com.acme.Bnak#transfer
                region b = com.acme.Bank#tranfser
                region c = com.acme.Bank:9999
                region d = { com.acme.Bank:@take }
                a <> b
                c <> d <> e
                atomic com.acme.Bank#audit by this
                atomic com.acme.Bank:@take by fee
                atomic com.acme.Bank:@take by this.totl
                com.acme.Bank#transfer by this <> com.acme.Bank#audit
                """);

        assertEquals(
                """
                1: LOOM-020 there is no class com.acme.Bnak | did you mean com.acme.Bank?
                2: LOOM-021 com.acme.Bank has no method tranfser | did you mean transfer?
                3: LOOM-022 line 9999 has no code in com.acme.Bank | the nearest line with code is 54 (in <init>)
                4: LOOM-001 expected ';' between the entries and the exits of the region, found '}' | write { C:42 ; C:45 }
                6: LOOM-011 no region e is declared | declare it: region e = com.acme.Bank#transfer
                7: LOOM-040 com.acme.Bank#audit(Bank) is static and has no 'this' | name a parameter, or com.acme.Bank.class for one lock for all
                8: LOOM-040 fee is not in scope at the entry in line 11 of com.acme.Bank#transfer(Bank$Account,long); it is in line 14 | enter the region where it is in scope, or name something else
                9: LOOM-041 com.acme.Bank has no field totl | did you mean total?
                10: LOOM-014 this has no key, and others of the same constraint have one | add `by …` here, or remove it there: in one constraint all have a key or none                """,
                errors.stream()
                        .map(d -> d.span().line() + ": " + d.code() + " " + d.message() + " | " + d.hint())
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void linesThatBelongToSeveralBodiesAreListed() {
        Sources sources = Sources.compile(
                "Two.java",
                """
                class Two {
                    int x = 1;                                         // @field
                    Two() {}
                    Two(int y) {}
                    void run(java.util.List<Integer> l) { l.forEach(i -> x += i); } // @both
                    void many() {
                        one();                                         // @one
                        two();
                    }
                    void one() {
                        x++;                                           // @inOne
                    }
                    void two() {
                        x++;                                           // @inTwo
                    }
                }
                """);

        assertEquals(
                "LOOM-023 line 5 belongs to 2 method bodies: Two#run and Two#lambda$run$0 | pick one: Two#run:5 or Two#lambda$run$0:5",
                shown(rejected("atomic Two:@both", sources)));
        assertEquals(
                "LOOM-023 line 2 belongs to 2 method bodies: Two#<init>() and Two#<init>(int) | pick one: Two#<init>():2 or Two#<init>(int):2",
                shown(rejected("atomic Two:@field", sources)));
        assertEquals("run(Ljava/util/List;)V", compiled("atomic Two#run:@both", sources).methods().get(0).method().key());
        assertEquals("<init>(I)V", compiled("atomic Two#<init>(int):@field", sources).methods().get(0).method().key());
        assertEquals(
                "LOOM-025 the lines of a region must lie in one method: line 11 in Two#one and line 14 in Two#two"
                        + " | a region of Two#many() covers them all",
                shown(rejected("atomic { Two:@inOne ; Two:@inTwo }", sources)));
    }

    @Test
    void keysThatCanNeverBeEqualAreRejected() {
        assertEquals(
                "LOOM-042 the keys this (com.acme.Bank) and from (com.acme.Bank$Account) can never be equal, so these regions "
                        + "would never"
                        + " exclude each other | name the same object on both sides, for example Outer.this in an inner class",
                shown(rejected("com.acme.Bank:@second by this <> com.acme.Bank#transfer(Account,long) by from")));
        compiled("com.acme.Bank:@take by amount <> com.acme.Bank:@second by 7");
        compiled("com.acme.Bank:@take by from.owner.id <> com.acme.Bank:@second by amount");
        compiled("com.acme.Bank:@take by this.city <> com.acme.Bank:@second by amount");
        assertEquals("LOOM-042", rejected("com.acme.Bank:@take by 6 <> com.acme.Bank:@second by 7").get(0).code());
        assertEquals("LOOM-042", rejected("com.acme.Bank:@take by \"x\" <> com.acme.Bank:@second by amount").get(0).code());
    }

    @Test
    void anUnknownClassOfASourceThatMayGrowIsWaitedFor() {
        Sources growing = BANK.without("com/acme/Bank$Teller");

        CompileResult.Compiled result = (CompileResult.Compiled) FilterCompiler.compile(
                "f", BANK.lines("com.acme.Bank:@take by this <> com.acme.Bank.Teller#run by com.acme.Bank.this"), "f", growing);

        assertEquals(Set.of("com/acme/Bank$Teller"), result.plan().waitingFor());
        assertEquals(Set.of("com/acme/Bank", "com/acme/Bank$Teller"), result.namedClasses());
        assertEquals(Set.of("com/acme/Bank"), result.plan().classes());
        assertTrue(result.diagnostics().stream().anyMatch(d -> d.code().equals("LOOM-070")));
        assertEquals(Set.of("com/acme/Lazy"), compiled("atomic com.acme.Lazy:12", growing).waitingFor());
        assertEquals(Set.of("com/acme/Bank$Teller"), compiled("atomic com.acme.Bank:@teller", growing).waitingFor());
    }

    @Test
    void aPinHoldsTheMethodAndNotItsLines() {
        String pin = "pin com.acme.Bank#audit(Bank) " + compiled("atomic com.acme.Bank#audit").methods().get(0).bodyDigest()
                + "\n";
        String filter = pin + "atomic com.acme.Bank#audit";
        Sources moved = Sources.compile(
                "Bank.java", "package com.acme;\n\n\n\nclass Bank { int total; static void audit(Bank b) { "
                        + "System.out.println(b.total); } }");
        Sources changed = Sources.compile(
                "Bank.java", "package com.acme;\nclass Bank { int total; static void audit(Bank b) { "
                        + "System.out.println(-b.total); } }");

        assertTrue(FilterCompiler.compile("f", filter, "f", BANK).diagnostics().isEmpty());
        compiled(filter, moved);
        assertEquals("LOOM-050", rejected(filter, changed).get(0).code());
        assertTrue(FilterCompiler.compile("f", "atomic com.acme.Bank#audit", "f", BANK).diagnostics().stream()
                .anyMatch(d -> d.code().equals("LOOM-051")));
    }

    @Test
    void aBadNameIsRejectedWhereverItStands() {
        assertEquals(
                "LOOM-005",
                FilterCompiler.compile("f", "atomic com.acme.Bank#audit", "no/slash", BANK).diagnostics().get(0).code());
        assertEquals("LOOM-005", rejected("filter \"\" { atomic com.acme.Bank#audit }").get(0).code());
    }

    @Test
    void aDamagedClassFileIsSaidToBeOne() {
        byte[] bytes = BANK.find("com/acme/Bank").orElseThrow();

        assertEquals("LOOM-028", rejected("atomic com.acme.Bank#audit",
                BANK.with("com/acme/Bank", java.util.Arrays.copyOf(bytes, 99))).get(0).code());
        assertEquals("LOOM-028", rejected("atomic com.acme.Bank#audit", BANK.with("com/acme/Bank", new byte[0])).get(0).code());
        bytes = bytes.clone();
        bytes[7] = (byte) 200;
        assertEquals("LOOM-028", rejected("atomic com.acme.Bank#audit", BANK.with("com/acme/Bank", bytes)).get(0).code());
    }

    @Test
    void bytesThatAreNoUtf8AreRejectedAtTheirPlace() {
        byte[] bytes = "about \"é\"".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        Diagnostic diagnostic = FilterCompiler.compile("f", bytes, "f", ClassSource.empty()).diagnostics().get(0);

        assertEquals("LOOM-003", diagnostic.code());
        assertEquals(8, diagnostic.span().column());
    }

    private static List<String> methods(String filter) {
        return compiled(filter).methods().stream().map(m -> m.method().key()).toList();
    }

    private static KeyPlan key(String filter) {
        return compiled(filter).methods().get(0).regions().get(0).key();
    }

    private static String shown(List<Diagnostic> diagnostics) {
        return diagnostics.stream().map(d -> d.code() + " " + d.message() + " | " + d.hint()).collect(Collectors.joining("\n"));
    }

    private static List<Diagnostic> rejected(String filter) {
        return rejected(filter, BANK);
    }

    private static List<Diagnostic> rejected(String filter, Sources classes) {
        CompileResult result = FilterCompiler.compile("test.loom", classes.lines(filter), "test", classes);
        assertInstanceOf(CompileResult.Rejected.class, result);
        return result.diagnostics().stream().filter(Diagnostic::isError).toList();
    }

    private static WeavingPlan compiled(String filter) {
        return compiled(filter, BANK);
    }

    private static WeavingPlan compiled(String filter, Sources classes) {
        String text = classes.lines(filter);
        CompileResult result = FilterCompiler.compile("test.loom", text, "test", classes);
        assertInstanceOf(CompileResult.Compiled.class, result, () -> DiagnosticRenderer.render(result.diagnostics(), text));
        return ((CompileResult.Compiled) result).plan();
    }
}
