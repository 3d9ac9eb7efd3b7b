package dev.loom.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JvmAddressTest {

    @ParameterizedTest
    @CsvSource({
        "shop.example:9010,shop.example,9010,jmxrmi",
        "[::1]:9010,::1,9010,jmxrmi",
        "service:jmx:rmi:///jndi/rmi://10.0.0.1:9010/jmxrmi,10.0.0.1,9010,jmxrmi",
        "service:jmx:rmi://10.0.0.1:9011/jndi/rmi://10.0.0.1:9010/other,10.0.0.1,9010,other",
        "service:jmx:rmi:///jndi/rmi:///jmxrmi,localhost,1099,jmxrmi"
    })
    void anAddressIsReadInAllTheFormsThatPeopleHave(String text, String host, int port, String name) {
        JvmAddress.Registry address = JvmAddress.parse(text);
        assertEquals(new JvmAddress.Registry(host, port, name), address);
        assertEquals(address, JvmAddress.parse(address.url()), "its URL is read back");
    }

    @Test
    void aPasswordIsNotPartOfAnyText() {
        assertFalse(new Credentials("loom", "secret").toString().contains("secret"));
    }

    @Test
    void aStubIsTakenOnlyWhereTheAttachApiGaveIt() {
        String stub = "service:jmx:rmi://127.0.0.1/stub/rO0ABXN9";
        assertInstanceOf(JvmAddress.Stub.class, JvmAddress.local(stub));
        assertThrows(IllegalArgumentException.class, () -> JvmAddress.parse(stub), "whoever types an address could name any object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop", "shop:0", "shop:70000", "http://shop:1", "service:jmx:rmi:///jndi/ldap://evil:389/x"})
    void nothingElseIsAnAddress(String text) {
        String said = assertThrows(IllegalArgumentException.class, () -> JvmAddress.local(text)).getMessage();
        assertEquals("'" + text + "' is not the address of a JMX connector", said);
    }
}
