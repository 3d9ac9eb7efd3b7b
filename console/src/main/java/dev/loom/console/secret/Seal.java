package dev.loom.console.secret;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Encrypts what the database keeps and a reader of the database shall not have, with AES-GCM. The key is made at the first use, in a file of
 * the data directory that only the owner can read; several nodes share one by {@code loom.secret-key}. Thread-safe.
 */
@Component
public class Seal {

    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    Seal(@Value("${loom.data}") Path data, @Value("${loom.secret-key:}") String configured) throws IOException {
        this.key = new SecretKeySpec(configured.isEmpty() ? keyFile(data.resolve("secret.key")) : digest(configured), "AES");
    }

    private static byte[] digest(String configured) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(configured.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] keyFile(Path file) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        if (Files.exists(file)) {
            return known(file);
        }
        byte[] fresh = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        // whole or not at all, also if the console is killed meanwhile; temporary files are their owner's alone
        Path whole = Files.createTempFile(directory, "secret", ".tmp");
        Files.writeString(whole, Base64.getEncoder().encodeToString(fresh));
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        return fresh;
    }

    private static byte[] known(Path file) throws IOException {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(Files.readString(file).strip());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            key = new byte[0];
        }
        if (key.length != KEY_BYTES) {
            throw new LoomProblem(
                    ProblemCode.UNAVAILABLE,
                    "The key " + file + " is empty or damaged: without it no stored password of a JVM can be read.",
                    "Restore it from a backup. If there is none, delete it: a new one is made, and the passwords of JVMs have to be given again.");
        }
        return key;
    }

    /**
     * Encrypts.
     *
     * @param place where it will be kept: it opens nowhere else
     */
    public String seal(byte[] content, String place) {
        try {
            byte[] iv = new byte[IV_BYTES];
            random.nextBytes(iv);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv, place).doFinal(content);
            byte[] both = Arrays.copyOf(iv, IV_BYTES + sealed.length);
            System.arraycopy(sealed, 0, both, IV_BYTES, sealed.length);
            return Base64.getEncoder().encodeToString(both);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    /** What was sealed for this place; null where the key, the place or the text is another one. */
    public byte @Nullable [] open(String sealed, String place) {
        try {
            byte[] both = Base64.getDecoder().decode(sealed);
            if (both.length < IV_BYTES) {
                return null;
            }
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(both, IV_BYTES), place).doFinal(both, IV_BYTES, both.length - IV_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }

    private Cipher cipher(int mode, byte[] iv, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
