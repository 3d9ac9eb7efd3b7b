package dev.loom.ctl.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.ctl.output.Json;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.diagnostic.Severity;
import dev.loom.filter.diagnostic.Span;
import java.util.List;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import org.junit.jupiter.api.Test;

class JvmFilterTest {

    @Test
    void theAgentsAnswerHasTheNamesOfTheContractInTheirOrder() throws OpenDataException {
        JvmFilter view = JvmFilter.of(data("bank", "EVACUATING", 0.5));

        assertEquals("{\"filter\":\"bank\",\"state\":\"EVACUATING\",\"progress\":0.5,\"diagnostics\":[{\"code\":\"LOOM-001\",\"line\":2,"
                + "\"column\":3}]}", Json.write(view.toJson()));
        assertEquals("EVACUATING", view.state());
        assertFalse(view.isEnd());
        assertFalse(view.isInForce());
    }

    @Test
    void whatAnAgentDoesNotSayIsEmpty() throws OpenDataException {
        JvmFilter view = JvmFilter.of(data("bank", null, 0));

        assertEquals("", view.state());
        assertEquals("", view.text("cause"));
        assertEquals(List.of(), view.rows("hooks"));
        assertEquals(List.of(), view.waitingFor());
    }

    @Test
    void statesThatEndAreKnown() throws OpenDataException {
        assertTrue(JvmFilter.of(data("a", "REMOVED", 1)).isEnd());
        assertFalse(JvmFilter.of(data("a", "REMOVED", 1)).isRefused());
        assertTrue(JvmFilter.of(data("a", "REJECTED", 1)).isRefused());
        assertTrue(JvmFilter.of(data("a", "FAILED", 1)).isRefused());
        assertTrue(JvmFilter.of(data("a", "OBSERVING", 1)).isInForce());
        assertFalse(JvmFilter.of(data("a", "ACCEPTED", 1)).isInForce());
    }

    @Test
    void aRemarksPlaceIsFoundInTheText() throws OpenDataException {
        String text = "first\nab wrong\n";

        Diagnostic found = JvmFilter.of(data("a", "REJECTED", 0)).withFile("a.loom").diagnostics(text).get(0);

        assertEquals("a.loom", found.file());
        assertEquals(text.indexOf(" wrong") + 0, found.span().start());
        assertTrue(DiagnosticRenderer.render(found, text).contains("2 | ab wrong\n      |   ^"), DiagnosticRenderer.render(found, text));
    }

    @Test
    void theCaretsAreAsWideAsWhatTheAgentMeans() throws OpenDataException {
        String text = "first\nab wrong\n";

        Diagnostic found = JvmFilter.of(data("a", "REJECTED", 0, 6)).diagnostics(text).get(0);

        assertTrue(DiagnosticRenderer.render(found, text).contains("2 | ab wrong\n      |   ^~~~~~\n"), DiagnosticRenderer.render(found, text));
    }

    @Test
    void aPlaceOutsideTheTextDoesNoHarm() throws OpenDataException {
        JvmFilter.of(data("a", "REJECTED", 0)).diagnostics("").forEach(d -> DiagnosticRenderer.render(d, ""));
    }

    @Test
    void aLocalCheckLooksLikeAnAgentsAnswer() {
        Diagnostic error = new Diagnostic("LOOM-020", Severity.ERROR, "a.loom", new Span(0, 1, 1, 1), "no class", "look");

        JvmFilter view = JvmFilter.checked("a", List.of(error));

        assertEquals("{\"filter\":\"a\",\"state\":\"REJECTED\",\"progress\":0.0,\"diagnostics\":[{\"code\":\"LOOM-020\",\"severity\":\"ERROR\","
                + "\"file\":\"a.loom\",\"line\":1,\"column\":1,\"message\":\"no class\",\"hint\":\"look\"}],\"stragglers\":[],\"hooks\":[]}",
                Json.write(view.toJson()));
    }

    private static CompositeData data(String name, String state, double progress) throws OpenDataException {
        return data(name, state, progress, 0);
    }

    private static CompositeData data(String name, String state, double progress, int length) throws OpenDataException {
        String[] inner = {"code", "line", "column", "length"};
        CompositeType diagnostic = new CompositeType(
                "d", "d", inner, inner, new OpenType<?>[] {SimpleType.STRING, SimpleType.INTEGER, SimpleType.INTEGER, SimpleType.INTEGER});
        String[] items = {"filter", "state", "progress", "diagnostics"};
        CompositeType type = new CompositeType("f", "f", items, items,
                new OpenType<?>[] {SimpleType.STRING, SimpleType.STRING, SimpleType.DOUBLE, new ArrayType<>(1, diagnostic)});
        CompositeData one = new CompositeDataSupport(diagnostic, inner, new Object[] {"LOOM-001", 2, 3, length});
        return new CompositeDataSupport(type, items, new Object[] {name, state, progress, new CompositeData[] {one}});
    }
}
