package dev.loom.ctl.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import dev.loom.ctl.attach.Examination.Result;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightTest {

    private static final String WE = System.getProperty("user.name");

    @Test
    void aJvmOfOursIsFine() {
        assertEquals(Optional.empty(), Preflight.problem(process(WE, true, true, List.of("java", "-jar", "x.jar"))));
    }

    @Test
    void aProcessThatIsNotThereIsSaidToBeSo() {
        ProcessFacts none = new ProcessFacts(7, false, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(),
                Optional.empty());

        assertProblem("there is no process 7", none);
    }

    @Test
    void nothingIsSentToAProcessThatSigquitWouldEnd() {
        assertProblem("process 7 is not a JVM but /bin/x", process(WE, true, false, List.of()));
        assertProblem("process 7 is not ready for an attach", process(WE, false, true, List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "-XX:+DisableAttachMechanism, -XX:+DisableAttachMechanism",
        "-Xrs,                        -Xrs",
    })
    void optionsThatForbidAnAttachAreNamed(String option, String named) {
        CommandFailure problem = Preflight.problem(process(WE, true, true, List.of("java", option))).orElseThrow();

        assertTrue(problem.getMessage().contains(named), problem.getMessage());
        assertTrue(problem.hint().contains("-javaagent:loom-agent.jar"), problem.hint());
        assertEquals(ExitStatus.UNREACHABLE, problem.status());
    }

    @Test
    void theLastOfTwoContraryOptionsCounts() {
        List<String> both = List.of("-XX:+DisableAttachMechanism", "-XX:-DisableAttachMechanism");

        assertEquals(Optional.empty(), Preflight.problem(process(WE, true, true, both)));
    }

    @Test
    void thisProcessIsNotItsOwnTarget() {
        assertTrue(Preflight.problem(ProcessFacts.of(ProcessHandle.current().pid())).orElseThrow().getMessage().endsWith("this tool itself"));
    }

    @Test
    void theFactsOfThisProcessAreRead() {
        ProcessFacts facts = ProcessFacts.of(ProcessHandle.current().pid());

        assertTrue(facts.exists());
        assertTrue(facts.isOursOrWeAreRoot());
        assertFalse(facts.hasJvm().isPresent() && !facts.hasJvm().get());
        assertFalse(facts.catchesQuit().isPresent() && !facts.catchesQuit().get());
    }

    @Test
    void jep451IsNamedWithItsFlag() {
        CommandFailure failure = AttachErrors.decode(process(WE, true, true, List.of()), new AgentLoadException(
                "Failed to load agent library: Dynamic agent loading is not enabled. Use -XX:+EnableDynamicAgentLoading to launch target VM."));

        assertEquals(ExitStatus.FAILED, failure.status());
        assertTrue(failure.hint().startsWith("start it with -XX:+EnableDynamicAgentLoading"), failure.hint());
    }

    @Test
    void aSocketThatDoesNotOpenIsExplained() {
        ProcessFacts contained = new ProcessFacts(7, true, Optional.of(WE), Optional.empty(), List.of(), Optional.of(true),
                Optional.of(true), Optional.of(1L));

        CommandFailure failure = AttachErrors.decode(contained, new AttachNotSupportedException(
                "Unable to open socket file /proc/7/root/tmp/.java_pid1: target process 7 doesn't respond within 10500ms"));

        assertEquals(ExitStatus.UNREACHABLE, failure.status());
        assertTrue(failure.hint().contains("where its pid is 1"), failure.hint());
    }

    @Test
    void anUnknownErrorKeepsItsText() {
        CommandFailure failure = AttachErrors.decode(process(WE, true, true, List.of()), new IOException("something new"));

        assertTrue(failure.getMessage().contains("something new"));
    }

    @Test
    void moduleSystemsThatHideTheFacadeAreFound() {
        assertEquals(List.of(), Examination.surroundings(Map.of("sun.java.command", "com.acme.Main")));
        assertEquals(Result.FAIL, Examination.surroundings(Map.of("sun.java.command", "/opt/wildfly/jboss-modules.jar -mp x")).get(0).result());
        assertEquals(List.of(), Examination.surroundings(Map.of("sun.java.command", "/opt/wildfly/jboss-modules.jar -mp x",
                "jboss.modules.system.pkgs", "org.jboss.byteman,dev.loom.bootstrap")));
        assertEquals("OSGi", Examination.surroundings(Map.of("osgi.parentClassloader", "app")).get(0).what());
        assertEquals(List.of(), Examination.surroundings(Map.of("osgi.x", "", "org.osgi.framework.bootdelegation", "sun.*, dev.loom.*")));
    }

    private static void assertProblem(String start, ProcessFacts process) {
        CommandFailure problem = Preflight.problem(process).orElseThrow();
        assertTrue(problem.getMessage().startsWith(start), problem.getMessage());
        assertEquals(ExitStatus.UNREACHABLE, problem.status());
    }

    private static ProcessFacts process(String owner, boolean catchesQuit, boolean jvm, List<String> arguments) {
        return new ProcessFacts(7, true, Optional.of(owner), Optional.of("/bin/x"), arguments, Optional.of(catchesQuit), Optional.of(jvm),
                Optional.empty());
    }
}
