package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loom.console.contract.LoomProblem;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From chosen lines to the text of a filter. */
class ChosenRegionTest {

    private static final String TRANSFER = "com.acme.Bank#transfer(Account,long)";

    private static String text(List<ChosenRegion> chosen) {
        FoundRace.Proposal proposal = ChosenRegion.filter(chosen);
        CompileResult result = FilterCompiler.compile("x.loom", proposal.text(), "x", ClassSource.nothingYet());
        assertThat(result).as("%s: %s", proposal.text(), result.diagnostics()).isInstanceOf(CompileResult.Compiled.class);
        assertThat(proposal.text()).startsWith("filter \"" + proposal.name() + "\" {");
        return proposal.text();
    }

    private static List<ChosenRegion> one(String member, String from, String to, String by) {
        return ChosenRegion.of(new String[] {member}, new String[] {from}, new String[] {to}, new String[] {by});
    }

    @Test
    void twoLinesOfAMethodAreARegionWhicheverWasChosenFirst() {
        assertThat(text(one(TRANSFER, "45", "42", "this"))).contains("atomic { " + TRANSFER + ":42 ; " + TRANSFER + ":45 } by this\n");
        assertThat(text(one(TRANSFER, "42", "42", ""))).contains("atomic " + TRANSFER + ":42\n");
        assertThat(text(one(TRANSFER, "42", "", ""))).contains("atomic " + TRANSFER + ":42\n");
        assertThat(text(one("com.acme.Bank$Worker#lambda$run$0", "", "", ""))).contains("atomic com.acme.Bank$Worker#lambda$run$0\n");
        assertThat(text(one("com.acme.Bank#<init>", "7", "9", "this"))).contains("com.acme.Bank#<init>:7 ;");
        assertThat(ChosenRegion.filter(one(TRANSFER, "", "", "")).name()).isEqualTo("Bank.transfer");
    }

    @Test
    void aSecondRegionIsKeptApartFromTheFirst() {
        List<ChosenRegion> chosen = ChosenRegion.of(
                new String[] {TRANSFER, "com.acme.Audit#run"}, new String[] {"42", ""}, new String[] {"45", ""}, new String[] {"this", "bank"});
        assertThat(text(chosen)).contains("region first  = { " + TRANSFER + ":42 ; " + TRANSFER + ":45 }", "region second = com.acme.Audit#run",
                "first by this <> second by bank");
        assertThat(ChosenRegion.of(new String[] {"", "com.acme.Audit#run"}, new String[] {"", ""}, new String[] {"", ""}, new String[] {"", ""}))
                .as("one that is left empty is none").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.acme.Bank", "x#y; atomic z#z", "a#b\nc", "#m", "a#m(\"x\")", "a#m } <> *"})
    void whatIsNoMethodIsRefused(String member) {
        assertThatThrownBy(() -> one(member, "1", "2", "")).isInstanceOf(LoomProblem.class).hasMessageContaining("is not a method");
    }

    @ParameterizedTest
    @CsvSource({"-1,2", "1,65536", "x,2", "99999999999,1"})
    void whatIsNoLineIsRefused(String from, String to) {
        assertThatThrownBy(() -> one(TRANSFER, from, to, "")).isInstanceOf(LoomProblem.class).hasMessageContaining("A line is a number");
        assertThatThrownBy(() -> one(TRANSFER, "1", "2", "this } <> *")).isInstanceOf(LoomProblem.class).hasMessageContaining("is not a key");
    }
}
