package dev.loom.console.support;

/** What the console asks of an agent. */
public interface FakeAgentMXBean extends OldAgentMXBean {

    FakeSearch getFindStatus();

    FakeSearch find(String classes, String options);

    FakeSearch stopFinding();

    FakeSearch.Suggestion[] suggest(String text);

    String pin(String text);

    FakeInterleaving[] interleavings(String filter);

    FakeListing listing(String type, String loader);
}
