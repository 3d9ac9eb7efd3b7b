package dev.loom.ctl.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void mapsListsAndValuesAreWritten() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", null);
        map.put("b", List.of(1, 2.5, true));
        map.put("c", Map.of());
        map.put("d", new ArrayList<>(Arrays.asList("x", null)));

        assertEquals("{\"a\":null,\"b\":[1,2.5,true],\"c\":{},\"d\":[\"x\",null]}", Json.write(map));
    }

    @Test
    void numbersThatJsonDoesNotHaveBecomeNull() {
        assertEquals("[null,null]", Json.write(List.of(Double.NaN, Double.NEGATIVE_INFINITY)));
    }

    @Test
    void controlCharactersAndLoneSurrogatesAreEscaped() {
        assertEquals("\"\\\"\\\\\\n\\t\\u0000\\u001b😀\\ud83d \\ude00\"", Json.write("\"\\\n\t\0\u001b😀\ud83d \ude00"));
    }
}
