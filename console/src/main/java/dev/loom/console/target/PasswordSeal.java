package dev.loom.console.target;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.secret.Seal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals the passwords of JMX connectors. */
@Component
class PasswordSeal {

    /** Passwords that 0.1.0 sealed name no place. */
    private static final String PLACE = "";

    private final Seal seal;

    PasswordSeal(Seal seal) {
        this.seal = seal;
    }

    String seal(String password) {
        return seal.seal(password.getBytes(StandardCharsets.UTF_8), PLACE);
    }

    /** The password; null where the key is not the one that it was sealed with. */
    @Nullable String opened(String sealed) {
        byte[] opened = seal.open(sealed, PLACE);
        return opened == null ? null : new String(opened, StandardCharsets.UTF_8);
    }

    String open(String sealed) {
        String opened = opened(sealed);
        if (opened == null) {
            throw new LoomProblem(
                    ProblemCode.WRONG_PASSWORD,
                    "The stored password cannot be read: the console's secret.key is not the one it was stored with.",
                    "Give the JVM's password again.");
        }
        return opened;
    }
}
