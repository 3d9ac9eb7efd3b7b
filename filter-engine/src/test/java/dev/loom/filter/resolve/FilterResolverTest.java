package dev.loom.filter.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.Sources;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.plan.ConstraintPlan;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.syntax.FilterParser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What no agent enforces yet is resolved all the same. */
class FilterResolverTest {

    private static final Sources GATE = Sources.compile(
            "Gate.java",
            """
            class Gate {
                int parties;
                void open(String name) {
                    parties++;                                 // @open
                }
                void pass(String name) {
                    parties--;                                 // @pass
                }
            }
            """);

    @Test
    void anOrderGivesOneEventPlanAnEvent() {
        WeavingPlan plan = resolve("Gate:@open by name {this.parties} > Gate:@pass by name {2} each within 250ms");

        assertEquals(
                new ConstraintPlan.Order(
                        0,
                        false,
                        GATE.lines("Gate:@open by name {this.parties} > Gate:@pass by name {2} each within 250ms"),
                        true,
                        2,
                        true,
                        Duration.ofMillis(250)),
                plan.constraints().get(0));
        EventPlan open = plan.methods().get(0).events().get(0);
        assertEquals(0, open.position());
        assertEquals(GATE.line("open"), open.line());
        assertEquals("Gate#open:" + GATE.line("open"), open.location());
        assertEquals(List.of(new KeyPlan.FieldRef("Gate", "parties", "I")), open.countKey().path());
        EventPlan pass = plan.methods().get(1).events().get(0);
        assertEquals(2, pass.count());
        assertNull(pass.countKey());
        assertEquals("name", pass.key().text());
    }

    @Test
    void anOrderWithoutABoundHasTheDefaultOne() {
        ConstraintPlan.Order order = (ConstraintPlan.Order) resolve("Gate:@open > Gate:@pass").constraints().get(0);

        assertEquals(Duration.ofSeconds(10), order.within());
        assertEquals(1, resolve("Gate:@open > Gate:@pass").methods().get(0).events().get(0).count());
    }

    @Test
    void aUnilateralExclusionHasOneRegionAndItsScope() {
        WeavingPlan plan = resolve("observe Gate#open <> * in com.acme.**, org.x.*");

        assertEquals(
                new ConstraintPlan.Unilateral(0, true, "Gate#open <> * in com.acme.**, org.x.*",
                        List.of("com.acme.**", "org.x.*")),
                plan.constraints().get(0));
        assertTrue(plan.methods().get(0).regions().get(0).isWholeMethod());
    }

    @Test
    void mistakesInTheFormOfAConstraintAreFound() {
        assertEquals("LOOM-016", error("Gate#open by this <> *"));
        assertEquals("LOOM-014", error("Gate:@open by name > Gate:@pass"));
        assertEquals("LOOM-007", error("Gate:@open {name} > Gate:@pass"));
        assertEquals("LOOM-015", error("shared Gate#open <> shared Gate#open"));
        assertEquals("LOOM-015", error("shared Gate#open <> Gate#open"));
        assertEquals("LOOM-013", error("region r = Gate#open by this\natomic r by name"));
        assertEquals("LOOM-013", error("event e = Gate:@open {2}\ne {3} > Gate:@pass"));
        assertEquals("LOOM-012", error("region r = Gate#open\nr > Gate:@pass"));
        assertEquals("LOOM-012", error("event e = Gate:@open\natomic e"));
        assertEquals("LOOM-011", error("region a = b\nregion b = a\natomic a"));
        assertEquals("LOOM-010", error("region a = Gate#open\nevent a = Gate:@pass\natomic a"));
        assertEquals("LOOM-010", error("use com.acme.Bank\nuse org.other.Bank\natomic Gate#open"));
        assertEquals("LOOM-043", error("atomic { Gate:@open by name ; Gate:@open by this }"));
        assertEquals("LOOM-043", error("atomic { Gate:@open by name ; Gate:@open } by name"));
        assertEquals("LOOM-018", first("region a = Gate#open\natomic Gate#pass"));
    }

    @Test
    void aKeyThatAllEventsOfARegionShareIsTheRegionsKey() {
        WeavingPlan plan = resolve("event e = Gate:@open by name\natomic { e ; Gate:@open }");

        assertEquals("name", plan.methods().get(0).regions().get(0).key().text());
    }

    private static String error(String filter) {
        Diagnostics diagnostics = new Diagnostics("f");
        resolve(filter, diagnostics);
        return diagnostics.sorted().stream()
                .filter(Diagnostic::isError)
                .map(Diagnostic::code)
                .findFirst()
                .orElse("none");
    }

    private static String first(String filter) {
        Diagnostics diagnostics = new Diagnostics("f");
        resolve(filter, diagnostics);
        return diagnostics.sorted().stream().filter(d -> !d.code().equals("LOOM-051")).findFirst().orElseThrow().code();
    }

    private static WeavingPlan resolve(String filter) {
        Diagnostics diagnostics = new Diagnostics("f");
        WeavingPlan plan = resolve(filter, diagnostics);
        assertEquals("none", error(filter));
        return plan;
    }

    private static WeavingPlan resolve(String filter, Diagnostics diagnostics) {
        return FilterResolver.resolve("f", FilterParser.parse(GATE.lines(filter), diagnostics), new ClassTable(GATE),
                diagnostics).plan();
    }
}
