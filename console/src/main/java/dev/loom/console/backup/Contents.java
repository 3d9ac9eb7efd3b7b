package dev.loom.console.backup;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How many rows a table has and which, whatever their order: the sum of their hashes. Not for several threads. */
final class Contents {

    private static final BigInteger BOUND = BigInteger.ONE.shiftLeft(256);

    private final MessageDigest sha256;
    private BigInteger sum = BigInteger.ZERO;
    private long rows;

    Contents() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    void add(String row) {
        sum = sum.add(new BigInteger(1, sha256.digest(row.getBytes(StandardCharsets.UTF_8)))).mod(BOUND);
        rows++;
    }

    long rows() {
        return rows;
    }

    String digest() {
        return String.format("%064x", sum);
    }
}
