package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Loaders;
import dev.loom.it.targets.Races;
import java.util.Arrays;
import java.util.List;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A loaded class, line by line, with the hooks that are in force there. */
@DisplayName("The listing of a loaded class")
class ListingTest {

    private static final String ACCOUNT = Races.class.getName() + "$Account";
    private static final String GUEST = Loaders.class.getName() + "$Guest";

    static List<Jdk> jdks() {
        return Jdk.all();
    }

    private static CompositeData[] rows(CompositeData data, String name) {
        return (CompositeData[]) data.get(name);
    }

    private static CompositeData method(CompositeData listing, String member) {
        return Arrays.stream(rows(listing, "methods")).filter(m -> member.equals(m.get("member"))).findFirst()
                .orElseThrow(() -> new AssertionError(member + " is not listed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("has the classes inside it; a region made of its lines is accepted, its hooks are listed at these lines, and gone when it is removed")
    void hooksAtTheirLines(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Races.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            CompositeData listing = agent.listing(ACCOUNT, "");
            assertEquals(Races.class.getName(), listing.get("type"), "of a nested class the outermost");
            assertEquals(Races.class.getName().replace('.', '/') + ".java", listing.get("source"));
            assertEquals("app", listing.get("loader"));
            assertEquals("", listing.get("omitted"));
            assertEquals(0, rows(listing, "hooks").length);
            CompositeData unlocked = method(listing, ACCOUNT + "#unlocked");
            assertEquals("this", ((String[]) unlocked.get("keys"))[0]);
            int line = ((int[]) unlocked.get("lines"))[0];
            assertEquals("reads Races$Account.balance, writes Races$Account.balance", ((String[]) unlocked.get("does"))[0]);

            String region = unlocked.get("member") + ":" + line;
            agent.install("chosen", "atomic " + region + " by this", "");
            assertNull(agent.check("atomic { " + region + " ; " + region + " }").get("state"), "a check that found no error");
            Await.until("ACTIVE", Await.LONG, () -> "ACTIVE".equals(agent.filterAttribute("chosen", "State")), jvm::output);
            CompositeData[] hooks = rows(agent.listing(Races.class.getName(), "app"), "hooks");
            assertEquals(1, hooks.length);
            assertEquals("chosen", hooks[0].get("filter"));
            assertEquals("unlocked()V", hooks[0].get("method"));
            assertEquals(ACCOUNT, hooks[0].get("type"));
            assertEquals(line, ((int[]) hooks[0].get("enters"))[0]);
            assertEquals(line, ((int[]) hooks[0].get("leaves"))[0]);
            CompositeData counted = ((CompositeData[]) agent.filterAttribute("chosen", "Hooks"))[0];
            assertEquals(counted.get("id"), hooks[0].get("id"), "the same name as among the filter's hooks");

            agent.remove("chosen");
            Await.until("REMOVED", Await.LONG, () -> rows(agent.listing(ACCOUNT, ""), "hooks").length == 0, jvm::output);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> agent.listing("com.acme.Nowhere", "")).getMessage()
                    .startsWith("class com.acme.Nowhere is not loaded"));
            assertThrows(IllegalArgumentException.class, () -> agent.listing("", ""));
            assertEquals("boot", agent.listing("java.util.HashMap", "").get("loader"));
            new BenchClient(jvm).assertUnharmed();
        }
    }

    @Test
    @DisplayName("names the loaders of a class that several have loaded, and lists that of one of them")
    void severalLoaders() {
        try (Jvm jvm = Jvm.of(Jdk.all().get(0), Loaders.class).withAgent().arguments("2").start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            Await.until("both guests", Await.LONG, () -> loaders(agent).length == 2, jvm::output);
            String[] loaders = loaders(agent);
            for (String loader : loaders) {
                assertTrue(loader.startsWith(Loaders.class.getName() + "$Own@"), loader);
                assertEquals(loader, agent.listing(GUEST, loader).get("loader"));
            }
            agent.install("guest", Marks.fill(Loaders.class, "atomic { " + GUEST + ":@guest-in ; " + GUEST + ":@guest-out }"), "");
            Await.until("ACTIVE", Await.LONG, () -> "ACTIVE".equals(agent.filterAttribute("guest", "State")), jvm::output);
            for (String loader : loaders) {
                assertEquals(1, rows(agent.listing(GUEST, loader), "hooks").length, "woven in each");
            }
            assertThrows(IllegalArgumentException.class, () -> agent.listing(GUEST, "app"));
        }
    }

    private static String[] loaders(AgentClient agent) {
        try {
            return (String[]) agent.listing(GUEST, "").get("loaders");
        } catch (IllegalArgumentException notLoadedYet) {
            return new String[0];
        }
    }
}
