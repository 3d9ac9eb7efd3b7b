package dev.loom.agent.jmx.connector;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/**
 * A key that lives as long as the agent, with a certificate signed by itself (X.509 version 3, ECDSA over P-256). The JDK makes such
 * certificates only in {@code keytool}, a program that need not be there.
 */
record OwnKey(PrivateKey key, X509Certificate certificate) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final long DAY_SECONDS = 86_400;

    /** Tag of an IP address in a SubjectAltName (RFC 5280, 4.2.1.6). */
    private static final int IP_ADDRESS = 0x87;

    /** Makes a key for an address. */
    static OwnKey generate(InetAddress address) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] body = body(pair, address);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] whole = Der.sequence(body, ECDSA_SHA256, Der.bits(signature.sign()));
        X509Certificate certificate =
                (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        return new OwnKey(pair.getPrivate(), certificate);
    }

    private static byte[] body(KeyPair pair, InetAddress address) {
        byte[] name = Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8("Loom agent " + ProcessHandle.current().pid()))));
        Instant now = Instant.now();
        byte[] validity = Der.sequence(
                Der.generalizedTime(TIME.format(now.minusSeconds(DAY_SECONDS))),
                Der.generalizedTime(TIME.format(now.plusSeconds(3_650 * DAY_SECONDS))));
        byte[] alternativeNames = Der.sequence(
                Der.oid("2.5.29.17"), Der.octets(Der.sequence(Der.tagged(IP_ADDRESS, address.getAddress()))));
        return Der.sequence(
                Der.tagged(0xa0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(120, new SecureRandom()).setBit(120)),
                ECDSA_SHA256,
                name,
                validity,
                name,
                pair.getPublic().getEncoded(),
                Der.tagged(0xa3, Der.sequence(alternativeNames)));
    }

    /** As a key store, for a TLS context. */
    KeyStore store(char[] password) throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("loom", key, password, new X509Certificate[] {certificate});
        return store;
    }

    /** As text, for {@code --trust}. */
    String pem() throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
