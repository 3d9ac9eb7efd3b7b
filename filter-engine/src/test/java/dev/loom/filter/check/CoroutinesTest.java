package dev.loom.filter.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.Kotlin;
import dev.loom.filter.classes.JarClasses;
import dev.loom.filter.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions in suspend functions and suspend lambdas, as kotlinc compiles them. */
class CoroutinesTest {

    private static final String SOURCE =
            """
            import kotlinx.coroutines.*
            import kotlin.coroutines.intrinsics.*

            class Counter {
                @Volatile var n = 0

                suspend fun inc() {
                    val v = n
                    yield()
                    n = v + 1
                }

                suspend fun twice() {
                    n++
                    n++
                    if (n > 1) {
                        delay(1)
                        n--
                    }
                    n++
                    n++
                    delay(1)
                }

                suspend fun passedOn(): Int {
                    n++
                    return other()
                }

                suspend fun other(): Int {
                    n++
                    return n
                }

                suspend fun calls(block: suspend () -> Unit) {
                    n++
                    block()
                }

                suspend fun byHand(): Any? = suspendCoroutineUninterceptedOrReturn { c ->
                    n++
                    COROUTINE_SUSPENDED
                }

                suspend fun cancellable(): Int {
                    n++
                    return suspendCancellableCoroutine { c -> c.resumeWith(Result.success(1)) }
                }

                fun launched(scope: CoroutineScope) {
                    scope.launch {
                        n++
                        delay(1)
                        n++
                    }
                }

                fun numbers() = sequence {
                    n++
                    yield(n)
                    n++
                }

                suspend fun withDefault(by: Int = n) {
                    yield()
                    n += by
                }
            }
            """;

    @TempDir
    static Path directory;

    private static JarClasses classes;

    @BeforeAll
    static void compile() throws IOException {
        classes = JarClasses.open(List.of(Kotlin.compile(directory, "Counter.kt", SOURCE)));
    }

    @AfterAll
    static void close() throws IOException {
        classes.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Counter#inc by this", "{ Counter:8 ; Counter:10 } by this", "{ Counter:7, Counter:8 ; Counter:10 } by this",
        "{ Counter:9 ; Counter:10 }", "Counter:9", "{ Counter:7 ; Counter:9 }"})
    void aRegionOverASuspensionPointIsRefusedForThatAloneAndNamesItsLine(String region) {
        List<Diagnostic> errors = errors("atomic " + region);

        assertEquals(List.of("LOOM-036"), errors.stream().map(Diagnostic::code).toList(), errors::toString);
        assertTrue(errors.get(0).message().contains("Counter#inc(Continuation) is a coroutine: it can leave its method in line 9 and"),
                errors::toString);
    }

    @ParameterizedTest
    @CsvSource({"Counter#inc, 2", "Counter#twice, 3", "Counter#passedOn, 1", "Counter#calls, 1", "Counter#cancellable, 1"})
    void eachPartThatTheHintNamesIsAccepted(String method, int parts) {
        String hint = errors("atomic " + method).get(0).hint();
        Matcher part = Pattern.compile("\\{ [^}]+ \\}|[\\w$]+#[\\w$]+:\\d+").matcher(hint);
        int found = 0;
        while (part.find()) {
            assertEquals(List.of(), errors("atomic " + part.group()), part.group());
            found++;
        }
        assertEquals(parts, found, hint);
    }

    @Test
    void theLinesOfAllSuspensionPointsInsideAreNamed() {
        assertTrue(errors("atomic Counter#twice").get(0).message().contains("in lines 17, 22 and"), () -> errors("atomic Counter#twice").toString());
        assertTrue(errors("atomic { Counter:16 ; Counter:20 }").get(0).message().contains("in line 17 and"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Counter#passedOn", "Counter#calls", "Counter#byHand", "Counter#cancellable"})
    void aFunctionThatPassesOnWhatAnotherReturnsIsRefusedThoughItHasNoStateOfItsOwn(String method) {
        assertEquals(List.of("LOOM-036"), errors("atomic " + method).stream().map(Diagnostic::code).toList());
    }

    @Test
    void aFunctionThatNeverSuspendsCanBeARegion() {
        assertEquals(List.of(), errors("atomic Counter#other by this"));
    }

    @Test
    void aLineBeforeTheCallThatIsPassedOnCanBeARegion() {
        assertEquals(List.of(), errors("atomic Counter:26 by this"));
    }

    @Test
    void theBodyOfALambdaIsACoroutineAndTheFunctionThatLaunchesItIsNone() {
        assertEquals(List.of("LOOM-036"), errors("atomic { Counter:52 ; Counter:54 }").stream().map(Diagnostic::code).toList());
        assertEquals(List.of(), errors("atomic Counter#launched"));
        assertEquals(List.of(), errors("atomic Counter:52"));
        assertEquals(List.of(), errors("atomic Counter:54"));
    }

    @Test
    void aSequenceLeavesItsBodyAtEachYield() {
        assertEquals(List.of("LOOM-036"), errors("atomic { Counter:59 ; Counter:61 }").stream().map(Diagnostic::code).toList());
    }

    @Test
    void theMethodsThatTheCompilerAddsToSuspendFunctionsSuspendToo() {
        assertEquals(List.of("LOOM-036"), errors("atomic Counter#withDefault$default").stream().map(Diagnostic::code).toList());
        assertEquals(List.of("LOOM-036"), errors("atomic Counter$inc$1#invokeSuspend").stream().map(Diagnostic::code).toList());
    }

    @Test
    void anEventOnALineThatSuspendsIsRefused() {
        assertEquals(List.of("LOOM-036"), errors("Counter:9 > Counter:15").stream().map(Diagnostic::code).toList());
        assertEquals(List.of(), errors("Counter:10 > Counter:15"));
    }

    private static List<Diagnostic> errors(String filter) {
        CompileResult result = FilterCompiler.compile("f.loom", filter, "f", classes);
        List<Diagnostic> errors = result.diagnostics().stream().filter(Diagnostic::isError).toList();
        if (errors.isEmpty()) {
            assertInstanceOf(CompileResult.Compiled.class, result);
        }
        assertFalse(errors.stream().anyMatch(e -> e.code().equals("LOOM-022")), errors::toString);
        return errors;
    }
}
