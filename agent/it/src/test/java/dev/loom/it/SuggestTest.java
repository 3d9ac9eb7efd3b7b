package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Races;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Filters for stack traces that somebody has, made of the classes of a running program. */
@DisplayName("Suggest")
class SuggestTest {

    private static final String ACCOUNT = Races.class.getName() + "$Account";

    @Test
    @DisplayName("proposes filters that the checker accepts, the best first, and says why it can make none; nothing is changed")
    void filtersForTraces() {
        try (Jvm jvm = Jvm.of(Jdk.all().get(0), Races.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            String trace = "java.lang.IllegalArgumentException: off by one\n\tat " + ACCOUNT + ".unlocked(Races.java)\n\tat " + Races.class.getName()
                    + ".turn(Races.java)\n";
            CompositeData first = agent.suggest(trace)[0];
            assertTrue(first.get("filter").toString().contains("atomic " + ACCOUNT + "#unlocked by this"), first.toString());
            assertEquals(false, first.get("warned"));
            assertFalse(first.get("why").toString().isEmpty());
            assertNull(agent.check(first.get("filter").toString()).get("state"), "a check that found no error");

            String file = "src/test/java/" + Races.class.getName().replace('.', '/') + ".java";
            String report = "[{\"bug_type\":\"THREAD_SAFETY_VIOLATION\",\"qualifier\":\"Unprotected write. Non-private method `Races$Account.unlocked()` writes to field"
                    + " `this.balance` outside of synchronization.\",\"line\":1,\"procedure\":\"" + ACCOUNT + ".unlocked():void\",\"file\":\"" + file
                    + "\",\"bug_trace\":[{\"level\":0,\"filename\":\"" + file + "\",\"line_number\":1,\"description\":\"access to `this.balance`\"}]}]";
            CompositeData reported = agent.suggest(report)[0];
            assertTrue(reported.get("filter").toString().contains("atomic " + ACCOUNT + "#unlocked by this"), reported.toString());

            Map<String, String> reasons = new LinkedHashMap<>();
            reasons.put("[]", "the report is empty");
            reasons.put("nothing of that kind", "no stack trace is in the text");
            reasons.put("java.lang.Error\n\tat com.acme.Elsewhere.run(Elsewhere.java:1)\n", "no stack has a frame of a class that is loaded in this JVM");
            StringBuilder dump = new StringBuilder();
            for (int i = 0; i < 7; i++) {
                dump.append("\"worker-").append(i).append("\" #").append(i).append("\n   java.lang.Thread.State: RUNNABLE\n\tat ").append(ACCOUNT)
                        .append(i % 2 == 0 ? ".unlocked" : ".locked").append("(Races.java:").append(i + 1).append(")\n\n");
            }
            reasons.put(dump.toString(), "7 stacks have frames of the application; which of them race?");
            reasons.forEach((text, why) -> {
                String message = assertThrows(IllegalArgumentException.class, () -> agent.suggest(text)).getMessage();
                assertTrue(message.startsWith(why), message);
            });
            new BenchClient(jvm).assertUnharmed();
        }
    }
}
