package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.client.Remark;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.i18n.LocaleContextHolder;

class FormatTest {

    private final Format format = Format.INSTANCE;

    @BeforeEach
    void inEnglish() {
        LocaleContextHolder.setLocale(Locale.ENGLISH);
    }

    @AfterEach
    void inNoLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @Test
    void numbersAreWrittenAsInTheCountryOfWhoeverLooks() {
        assertThat(List.of(format.count(1_234_567), format.percent(0.25), format.percent(0.001), format.nanos(12_345)))
                .containsExactly("1,234,567", "0.25 %", "<0.01 %", "12.3 µs");
        LocaleContextHolder.setLocale(Locale.GERMANY);
        assertThat(List.of(format.count(1_234_567), format.percent(0.25), format.percent(0.001), format.nanos(12_345)))
                .containsExactly("1.234.567", "0,25 %", "<0,01 %", "12,3 µs");
        LocaleContextHolder.setLocale(Locale.JAPAN);
        assertThat(List.of(format.count(1_234_567), format.percent(0.25))).containsExactly("1,234,567", "0.25 %");
    }

    @Test
    void aHundredPercentIsSaidOfAllOnly() {
        assertThat(List.of(0.0, 0.5, 0.999, 1.0, 1.5, -1.0)).extracting(format::hundredths)
                .containsExactly(0, 50, 99, 100, 100, 0);
    }

    @Test
    void durationsHaveThreeDigitsAndAUnit() {
        assertThat(List.of(0L, 850L, 12_345L, 1_500_000L, 36_700_000L, 1_370_000_000L)).extracting(format::nanos)
                .containsExactly("0 ns", "850 ns", "12.3 µs", "1.50 ms", "36.7 ms", "1.37 s");
        assertThat(List.of(5_000L, 200_000L, 19_200_000L, 200_000_000L)).extracting(format::millis)
                .containsExactly("5 s", "3 min", "5 h 20 min", "2 d 7 h");
    }

    @Test
    void whatIsNotKnownIsADash() {
        assertThat(format.count(null)).isEqualTo("–");
        assertThat(format.percent(Double.NaN)).isEqualTo("–");
        assertThat(format.percent(0.001)).isEqualTo("<0.01 %");
    }

    @Test
    void theCaretStandsUnderItsColumnAlsoBehindTabs() {
        RemarkView view = RemarkView.of(List.of(new Remark("LOOM-001", "ERROR", "f", 2, 4, "m", "")), "a\n\t\txyz\n").get(0);
        assertThat(view.source()).isEqualTo("\t\txyz");
        assertThat(view.caret()).isEqualTo("\t\t ^");
    }

    @Test
    void aPlaceOutsideOfTheTextHasNoLine() {
        assertThat(RemarkView.of(List.of(new Remark("LOOM-004", "ERROR", "", 0, 0, "too large", ""),
                new Remark("X", "ERROR", "", 9, 9, "m", "")), "a"))
                .allMatch(view -> view.source().isEmpty());
    }
}
