package dev.loom.console.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JmxAddressTest {

    @ParameterizedTest
    @CsvSource({
        "shop.example:9010,shop.example,9010,jmxrmi",
        "[::1]:9010,::1,9010,jmxrmi",
        "service:jmx:rmi:///jndi/rmi://10.0.0.1:9010/jmxrmi,10.0.0.1,9010,jmxrmi",
        "service:jmx:rmi://10.0.0.1:9011/jndi/rmi://10.0.0.1:9010/other,10.0.0.1,9010,other",
        "service:jmx:rmi:///jndi/rmi:///jmxrmi,localhost,1099,jmxrmi"
    })
    void anAddressIsReadInAllTheFormsThatPeopleHave(String text, String host, int port, String name) {
        JmxAddress.Registry address = JmxAddress.parse(text);
        assertThat(address).isEqualTo(new JmxAddress.Registry(host, port, name));
        assertThat(JmxAddress.parse(address.url())).as("its URL is read back").isEqualTo(address);
    }

    @Test
    void aPasswordIsNotPartOfAnyText() {
        assertThat(new Credentials("loom", "secret").toString()).doesNotContain("secret");
    }
}
