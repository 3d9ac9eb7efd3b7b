package dev.loom.agent.registration;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;

/** Which addresses of this machine others see. */
public final class Network {

    /** Any port: connecting a datagram socket sends nothing, it only picks a route. */
    private static final int ANY_PORT = 9;

    private Network() {}

    /** An address of this machine that others can reach, if it has one. */
    public static InetAddress ofThisMachine() throws IOException {
        InetAddress named = InetAddress.getLocalHost();
        if (!named.isLoopbackAddress()) {
            return named;
        }
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst()
                .orElse(named);
    }

    /** The local address that packets to a console leave from; loopback for one on this machine. */
    public static InetAddress addressTowards(URI console) throws IOException {
        InetAddress host = InetAddress.getByName(console.getHost());
        if (host.isLoopbackAddress()) {
            return host;
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(host, ANY_PORT));
            return socket.getLocalAddress();
        }
    }
}
