package dev.loom.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.classes.JarClasses;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.plan.RegionPlan;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Filters for published races, compiled against the very jars. */
class RealLibrariesTest {

    private static JarClasses classes;

    @BeforeAll
    static void open() throws IOException, URISyntaxException {
        classes = JarClasses.open(List.of(
                jarOf(org.apache.commons.pool.impl.GenericObjectPool.class), jarOf(ch.qos.logback.core.AsyncAppenderBase.class)));
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @AfterAll
    static void close() throws IOException {
        classes.close();
    }

    @Test
    void theRegionInLogbacksEndlessWorkerWrapsRoundItsLoop() {
        CompileResult.Compiled result = compiled(
                """
                filter "logback-interrupt" {
                    use ch.qos.logback.core.AsyncAppenderBase as Async
                    region work = { Async$Worker:223, Async$Worker:226 ; Async$Worker:223 } by Async.this
                    region stop = { Async#stop:111 ; Async#stop:115 } by this
                    work <> stop
                }
                """);

        RegionPlan work = result.plan().methodsOf("ch/qos/logback/core/AsyncAppenderBase$Worker").get(0).regions().get(0);
        assertEquals(Set.of(223, 226), work.entryLines());
        assertEquals(Set.of(223), work.exitLines());
        assertEquals(
                List.of(new KeyPlan.FieldRef(
                        "ch/qos/logback/core/AsyncAppenderBase$Worker", "this$0", "Lch/qos/logback/core/AsyncAppenderBase;")),
                work.key().path());
        assertEquals("ch.qos.logback.core.AsyncAppenderBase$Worker#run:{223, 226 ; 223}", work.location());
    }

    @Test
    void theRegionInThePoolsEvictorIsKeyedByItsPool() {
        CompileResult.Compiled result = compiled(
                """
                use org.apache.commons.pool.impl.GenericObjectPool
                { GenericObjectPool.Evictor:1090 ; GenericObjectPool.Evictor:1091 } by GenericObjectPool.this
                    <> GenericObjectPool#close by this
                """);

        assertEquals(
                Set.of("org/apache/commons/pool/impl/GenericObjectPool",
                        "org/apache/commons/pool/impl/GenericObjectPool$Evictor"),
                result.plan().classes());
        Diagnostic order = result.diagnostics().stream().filter(d -> d.code().equals("LOOM-076")).findFirst().orElseThrow();
        assertTrue(order.message().contains("GenericObjectPool#calculateDeficit takes it"), order.message());
    }

    private static CompileResult.Compiled compiled(String text) {
        CompileResult result = FilterCompiler.compile("test.loom", text, "test", classes);
        return assertInstanceOf(CompileResult.Compiled.class, result,
                () -> DiagnosticRenderer.render(result.diagnostics(), text));
    }
}
