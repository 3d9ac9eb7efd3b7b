package dev.loom.console.stream;

import java.util.function.BooleanSupplier;
import org.springframework.security.core.Authentication;

/** Knows whether somebody who was let in still would be. */
public interface Callers {

    /**
     * A question that may be asked again and again while an answer lasts: whether the account or token is still there, enabled, and has the
     * role and password that it had. Each call looks that up.
     */
    BooleanSupplier stillAllowed(Authentication caller);
}
