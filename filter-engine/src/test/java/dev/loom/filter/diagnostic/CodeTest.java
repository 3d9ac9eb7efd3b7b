package dev.loom.filter.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodeTest {

    @Test
    void everyCodeHasItsOwnNumberAndIsFoundByIt() {
        for (Code code : Code.values()) {
            assertEquals(Optional.of(code), Code.of(code.id()));
        }
        assertEquals(Optional.empty(), Code.of("LOOM-999"));
    }
}
