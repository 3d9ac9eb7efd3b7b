package dev.loom.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of the commands without another JVM. */
class LoomCtlTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {
        "", "nonsense", "list", "add 1", "accept 1 name", "list 1 --nonsense", "add 1 x.loom --wait soon", "list not-a-target",
        "attach not-a-pid", "check", "add 1 x.loom --wait", "explain x.loom", "find 1",
    })
    void wrongUsageIs2AndSaysWhatIsWrong(String line) throws IOException {
        Files.writeString(directory.resolve("x.loom"), "");

        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ")), err.toString());
        assertEquals("", out.toString());
        assertTrue(err.toString().startsWith("loom: "), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "jvms", "attach", "add", "list", "status", "accept", "cancel", "delete", "detach", "doctor", "weave", "find", "suggest", "check", "explain",
        "deploy", "rollout"
    })
    void everyCommandOfTheContractIsThereWithHelpAndJson(String command) {
        assertEquals(0, run("help", command), err.toString());
        String told = out.toString();
        assertTrue(told.contains("--json"), told);
        assertEquals(0, run(command, "--help"), err.toString());
        assertEquals(told, out.toString(), "the same as help " + command);
    }

    @Test
    void theToolSaysWhatItIsAndItsVersion() {
        assertEquals(0, run("--help"), err.toString());
        assertTrue(out.toString().contains("weave"), out.toString());
        assertEquals(0, run("--version"), err.toString());
        assertEquals("1.2.3", out.toString().strip());
    }

    @Test
    void aShellCompletesCommandsAndTheirOptions() throws Exception {
        assertEquals(0, run("completion"), err.toString());
        Path script = Files.writeString(directory.resolve("completion"), out.toString());

        assertEquals("status", completed(script, "loom", "stat"));
        assertEquals("--classes", completed(script, "loom", "find", "4711", "--cla"));
    }

    /** What bash makes of the last word. */
    private static String completed(Path script, String... words) throws Exception {
        String typed = String.join(" ", words);
        Process bash = new ProcessBuilder("bash", "-c", "source '" + script + "'; COMP_WORDS=(" + typed + "); COMP_CWORD=" + (words.length - 1)
                + "; COMP_LINE='" + typed + "'; COMP_POINT=" + typed.length() + "; _complete_loom; echo \"${COMPREPLY[*]}\"")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start(); // bash complains that nobody has pressed a key
        bash.getOutputStream().close();
        return new String(bash.getInputStream().readAllBytes()).strip();
    }

    @Test
    void helpListsTheExitStatuses() {
        assertEquals(0, run("help"));
        assertTrue(out.toString().contains("4 target or console not reachable."), out.toString());
    }

    @Test
    void aTargetThatIsNotThereIs4() {
        assertEquals(4, run("list", "999999999"));
        assertTrue(err.toString().startsWith("loom: there is no process 999999999"), err.toString());
        assertEquals(4, run("list", "127.0.0.1:1"));
    }

    @Test
    void aFailureWithJsonIsAnObjectOnStdout() {
        assertEquals(4, run("list", "999999999", "--json"));
        assertTrue(out.toString().startsWith("{\"error\":\"there is no process 999999999\",\"hint\":\""), out.toString());
    }

    @Test
    void aFilterThatIsNotThereIs1() {
        assertEquals(1, run("check", directory.resolve("none.loom").toString()));
        assertTrue(err.toString().startsWith("loom: there is no file "), err.toString());
    }

    @Test
    void aFilterWithErrorsIs1WithCaretsUnderThem() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.loom"), "region a = \natomic a\n");

        assertEquals(1, run("check", file.toString()));
        assertTrue(out.toString().contains("^"), out.toString());
        assertTrue(out.toString().contains("bad.loom: rejected, 1 error"), out.toString());
    }

    @Test
    void aFilterOfTheRightFormIs0() throws IOException {
        Path file = Files.writeString(directory.resolve("good.loom"), "region a = com.acme.Bank#transfer\natomic a\n");

        assertEquals(0, run("check", file.toString()), out.toString());
        assertTrue(err.toString().contains("Only the language is checked"), err.toString());
    }

    @Test
    void severalFiltersGiveAListOfObjects() throws IOException {
        Path good = Files.writeString(directory.resolve("good.loom"), "atomic com.acme.Bank#transfer\n");
        Path bad = Files.writeString(directory.resolve("bad.loom"), "atomic");

        assertEquals(1, run("check", good.toString(), bad.toString(), "--json"));
        assertTrue(out.toString().startsWith("[{\"filter\":\"good\",\"state\":null,"), out.toString());
        assertTrue(out.toString().contains("{\"filter\":\"bad\",\"state\":\"REJECTED\","), out.toString());
    }

    @Test
    void pinsBindAFilterToItsClasses() throws IOException {
        Path file = Files.writeString(directory.resolve("own.loom"), "atomic dev.loom.ctl.Waiting#until // this tool\n");
        String classes = Path.of("target/classes").toAbsolutePath().toString();

        assertEquals(0, run("check", file.toString(), "--cp", classes, "--pin"), out.toString() + err);
        String pinned = Files.readString(file);
        assertTrue(pinned.contains("// this tool"), pinned);
        assertFalse(out.toString().contains("LOOM-051"), out.toString());
        assertTrue(pinned.contains("pin dev.loom.ctl.Waiting#until("), pinned);

        assertEquals(0, run("check", file.toString(), "--cp", classes, "--pin"));
        assertEquals(pinned, Files.readString(file), "once is enough");

        Files.writeString(file, pinned.replaceAll("sha256:[0-9a-f]{4}", "sha256:0000"));
        assertEquals(1, run("check", file.toString(), "--cp", classes), "another build");
    }

    @Test
    void explainNamesTheMethodsAndWhereTheHooksStand() throws IOException {
        Path file = Files.writeString(directory.resolve("own.loom"), "atomic dev.loom.ctl.Waiting#until\n");

        assertEquals(0, run("explain", file.toString(), "--cp", Path.of("target/classes").toAbsolutePath().toString()), err.toString());
        assertTrue(out.toString().contains("dev.loom.ctl.Waiting#until("), out.toString());
        assertTrue(out.toString().contains("enters before the first instruction"), out.toString());
        assertTrue(out.toString().contains("  running frames\n    move to the new code behind line"), out.toString());
        assertTrue(out.toString().contains("may stay in the way in the loop lines "), out.toString());
    }

    @Test
    void explainShowsTheSourceBesideTheHooks() throws IOException {
        Path file = Files.writeString(directory.resolve("own.loom"), "atomic dev.loom.ctl.Waiting#until\n");
        String classes = Path.of("target/classes").toAbsolutePath().toString();
        String sources = Path.of("src/main/java").toAbsolutePath().toString();

        assertEquals(0, run("explain", file.toString(), "--cp", classes, "--sources", sources), err.toString());
        assertTrue(out.toString().contains("  source dev/loom/ctl/Waiting.java\n"), out.toString());
        assertTrue(out.toString().lines().anyMatch(l -> l.matches(" +\\d+ \\| enter 1.*\\| .*\\|  +\\S.*[;{]")), out.toString());
        assertTrue(out.toString().contains("| leave 1"), out.toString());
        assertEquals(2, run("explain", file.toString(), "--cp", classes, "--sources", "nowhere"));
    }

    @Test
    void checkPrintsOrWritesTheUsualLayout() throws IOException {
        Path file = Files.writeString(directory.resolve("own.loom"), "region  a=com.acme.Bank#transfer // why\natomic   a");
        String usual = "region a = com.acme.Bank#transfer  // why\natomic a\n";

        assertEquals(0, run("check", "--format", file.toString()), err.toString());
        assertEquals(usual, out.toString());
        assertTrue(err.toString().contains("own.loom: accepted"), err.toString());

        assertEquals(0, run("check", "--format", "--write", file.toString()), err.toString());
        assertEquals(usual, Files.readString(file));

        Files.writeString(file, "region  a=\n");
        assertEquals(1, run("check", "--format", "--write", file.toString()));
        assertEquals("region  a=\n", Files.readString(file), "what cannot be read stays as it is");
        assertEquals(2, run("check", "--write", file.toString()));
    }

    @Test
    void doctorLooksAtThisToolWithoutATarget() {
        run("doctor");
        assertTrue(out.toString().contains("this tool: Loom 1.2.3 on Java "), out.toString());
    }

    @Test
    void doctorSaysWhyAProcessIsOutOfReach() {
        assertEquals(4, run("doctor", "999999999"));
        assertTrue(out.toString().contains("FAIL  attach: there is no process 999999999"), out.toString());
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return LoomCtl.run(new LoomCtl(directory.resolve("loom-agent.jar"), "1.2.3"), new PrintWriter(out), new PrintWriter(err), arguments);
    }
}
