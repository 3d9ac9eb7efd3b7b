package dev.loom.console.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loom.console.contract.LoomProblem;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a console sends nothing, unless it is configured to. */
class DestinationsTest {

    private final Destinations usual = new Destinations(false, false);

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"https://127.0.0.1/x", "https://localhost:8080/api/v1", "https://127.1.2.3/", "https://[::1]/", "https://0.0.0.0/",
            "https://169.254.169.254/latest/meta-data", "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/", "https://224.0.0.1/", "http://192.0.2.1/",
            "ftp://192.0.2.1/", "https://user:password@192.0.2.1/", "https:///x", "not a url", "", "https://192.0.2.1/#x", "file:///etc/passwd"})
    void isRefused(String url) {
        assertThatThrownBy(() -> usual.checked(url)).isInstanceOf(LoomProblem.class);
    }

    @Test
    void othersAreTakenAndWhatIsConfiguredIsAllowed() {
        assertThat(usual.checked("https://192.0.2.1:8443/hook?x=1")).isEqualTo(URI.create("https://192.0.2.1:8443/hook?x=1"));
        assertThat(new Destinations(true, false).checked("http://192.0.2.1/")).hasScheme("http");
        assertThat(new Destinations(false, true).checked("https://127.0.0.1/")).hasHost("127.0.0.1");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "ops", "ops@", "a@example.org\nBcc: b@example.org", "A <a@example.org>", "a@example.org;b@example.org"})
    void areNoAddresses(String addresses) {
        assertThat(Mails.checked(addresses)).isNull();
    }
}
