package dev.loom.console.web;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.valves.RemoteIpValve;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Takes {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port} from the proxies that {@code loom.proxy.trusted} names, and
 * from nobody else; by default from nobody. The client is the last address that is not such a proxy: what a client claims of itself
 * does not count. Tomcat's own valve does it, so that the session's cookie is Secure behind TLS.
 */
@Component
class TrustedProxies implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(8|16|24|32))?");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*");

    private final List<String> trusted;

    TrustedProxies(@Value("${loom.proxy.trusted:}") List<String> trusted) {
        this.trusted = trusted.stream().map(String::strip).filter(t -> !t.isEmpty()).toList();
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        if (trusted.isEmpty()) {
            return;
        }
        RemoteIpValve valve = new RemoteIpValve();
        valve.setInternalProxies(pattern(trusted));
        valve.setProtocolHeader("X-Forwarded-Proto");
        valve.setHostHeader("X-Forwarded-Host");
        valve.setPortHeader("X-Forwarded-Port");
        factory.addEngineValves(valve);
    }

    /** As the valve wants it. */
    static String pattern(List<String> trusted) {
        List<String> parts = new ArrayList<>();
        for (String address : trusted) {
            Matcher v4 = IPV4.matcher(address);
            if (v4.matches()) {
                int octets = v4.group(5) == null ? 4 : Integer.parseInt(v4.group(5)) / 8;
                StringBuilder part = new StringBuilder();
                for (int i = 1; i <= 4; i++) {
                    part.append(i > 1 ? "\\." : "").append(i <= octets ? v4.group(i) : "\\d{1,3}");
                }
                parts.add(part.toString());
            } else if (IPV6.matcher(address).matches()) {
                parts.add(Pattern.quote(expanded(address)));
            } else {
                throw new LoomProblem(
                        ProblemCode.BAD_OPTION,
                        "loom.proxy.trusted: '" + address + "' is not an address.",
                        "Write addresses, separated by commas, or IPv4 networks /8, /16 or /24, as in 10.1.0.0/16,127.0.0.1.");
            }
        }
        return String.join("|", parts);
    }

    /** The form in which Tomcat tells an address. */
    private static String expanded(String address) {
        try {
            return java.net.InetAddress.getByName(address).getHostAddress();
        } catch (java.net.UnknownHostException e) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "loom.proxy.trusted: '" + address + "' is not an address.", "");
        }
    }
}
