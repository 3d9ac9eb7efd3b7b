package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "com.acme.Bank.transfer(Bank.java:42)|com.acme.Bank|42",
        "com.acme.Bank$Worker.lambda$run$0(Bank.java:7)|com.acme.Bank$Worker|7",
        "app//com.acme.Bank.<init>(Bank.java:42)|com.acme.Bank|42",
        "java.base@17/java.util.HashMap.put(HashMap.java:5)|java.util.HashMap|5",
        "com.acme.Bank#transfer:42-45|com.acme.Bank|42",
        "com.acme.Bank#transfer(Account,long):42,44-45|com.acme.Bank|42",
        "com.acme.Bank:12|com.acme.Bank|12",
        "com.acme.Bank#<init>|com.acme.Bank|0",
        "com.acme.Bank.transfer(Native Method)|com.acme.Bank|0",
    })
    void placesAreReadAsFramesAndFiltersWriteThem(String text, String type, int line) {
        assertThat(Place.of(text)).isEqualTo(new Place(type, line));
    }

    @Test
    void whatIsNoPlaceHasNoClass() {
        assertThat(Place.of("").isKnown()).isFalse();
        assertThat(Place.of("a thread").isKnown()).isFalse();
        assertThat(Place.of("com.acme.Bank").isKnown()).isFalse();
        assertThat(Place.of("a.".repeat(100_000) + "b(c:1)").isKnown()).isFalse();
    }
}
