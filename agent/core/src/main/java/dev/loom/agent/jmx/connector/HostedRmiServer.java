package dev.loom.agent.jmx.connector;

import java.io.IOException;
import java.rmi.Remote;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMIServerSocketFactory;
import java.rmi.server.RemoteObject;
import java.util.Map;
import javax.management.remote.rmi.RMIConnection;
import javax.management.remote.rmi.RMIConnectionImpl_Stub;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.management.remote.rmi.RMIServerImpl_Stub;

/** The JDK's JMX server over RMI, whose stubs name the host that we say. */
final class HostedRmiServer extends RMIJRMPServerImpl {

    private final String host;

    HostedRmiServer(int port, RMIClientSocketFactory client, RMIServerSocketFactory server, Map<String, ?> environment, String host)
            throws IOException {
        super(port, client, server, environment);
        this.host = host;
    }

    @Override
    public Remote toStub() throws IOException {
        return new RMIServerImpl_Stub(rehosted(super.toStub()));
    }

    @Override
    public RMIConnection newClient(Object credentials) throws IOException {
        return new RMIConnectionImpl_Stub(rehosted(RemoteObject.toStub(super.newClient(credentials))));
    }

    private RehostedRef rehosted(Remote stub) {
        return new RehostedRef(((RemoteObject) stub).getRef(), host);
    }
}
