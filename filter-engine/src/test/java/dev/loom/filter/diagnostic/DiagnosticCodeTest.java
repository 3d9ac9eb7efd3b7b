package dev.loom.filter.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosticCodeTest {

    @Test
    void everyCodeHasItsOwnNumberAndIsFoundByIt() {
        for (DiagnosticCode code : DiagnosticCode.values()) {
            assertEquals(Optional.of(code), DiagnosticCode.of(code.id()));
        }
        assertEquals(Optional.empty(), DiagnosticCode.of("LOOM-999"));
    }
}
