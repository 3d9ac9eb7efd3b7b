package dev.loom.agent.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

    @Test
    void valuesOfAllKindsAreWritten() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a");
        map.put("number", 7L);
        map.put("flag", true);
        map.put("inner", Map.of("k", "v"));

        assertEquals("{\"text\":\"a\",\"number\":7,\"flag\":true,\"inner\":{\"k\":\"v\"}}", JsonWriter.write(map));
    }

    @Test
    void whatJsonDoesNotTakeIsEscaped() {
        assertEquals("\"a\\\"b\\\\c\\u000ad\\u0000e\\ud83d\\ude00é\"", JsonWriter.write("a\"b\\c\nd\0e😀é"));
    }
}
