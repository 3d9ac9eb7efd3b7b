package dev.loom.ctl.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.loom.client.JvmAddress;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetAddressTest {

    @Test
    void aNumberIsAPid() {
        assertEquals(new TargetAddress.Pid(4711), TargetAddress.parse(" 4711 "));
    }

    @ParameterizedTest
    @CsvSource({
        "app1:7091,                                                   app1,      7091, jmxrmi",
        "10.0.0.7:1,                                                  10.0.0.7,  1,    jmxrmi",
        "[::1]:7091,                                                  ::1,       7091, jmxrmi",
        "service:jmx:rmi:///jndi/rmi://app1:7091/jmxrmi,              app1,      7091, jmxrmi",
        "service:jmx:rmi:///jndi/rmi://app1/other,                    app1,      1099, other",
        "service:jmx:rmi:///jndi/rmi://:7091/jmxrmi,                  localhost, 7091, jmxrmi",
        "service:jmx:rmi://app1:7092/jndi/rmi://app1:7091/jmxrmi,     app1,      7091, jmxrmi",
    })
    void hostAndPortAndServiceUrlsNameARegistry(String text, String host, int port, String name) {
        assertEquals(new TargetAddress.Connector(new JvmAddress.Registry(host, port, name)), TargetAddress.parse(text));
    }

    @Test
    void aStubUrlIsTakenAsItIs() {
        TargetAddress.Connector target = assertInstanceOf(TargetAddress.Connector.class, TargetAddress.parse("service:jmx:rmi://127.0.0.1/stub/rO0ABXN9"));

        assertInstanceOf(JvmAddress.Stub.class, target.address());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "app1", "app1:", ":7091", "app1:0", "app1:70000", "-5", "12345678901234567890", "app1:7091/jmxrmi",
        "service:jmx:rmi:///jndi/ldap://evil:389/x", "service:jmx:jmxmp://app1:7091", "service:jmx:nonsense", "http://app1:7091",
        "a b:1", "app1:7091;x",
    })
    void anythingElseIsWrongUsage(String text) {
        CommandFailure failure = assertThrows(CommandFailure.class, () -> TargetAddress.parse(text));

        assertEquals(ExitStatus.USAGE, failure.status());
    }
}
