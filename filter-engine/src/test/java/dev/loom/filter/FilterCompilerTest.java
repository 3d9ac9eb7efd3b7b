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
import java.util.TreeSet;
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
