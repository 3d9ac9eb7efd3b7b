package dev.loom.console.security;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * Makes the first administrator. The password is the property {@code loom.admin.password}; else one is generated and printed,
 * once. It is done before the console takes its first request. A changed property changes the password at the next start. {@code loom.bootstrap.token} is a token for automation.
 */
@Component
class FirstStart implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(FirstStart.class);

    static final String ADMIN = "admin";
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int GENERATED = 20;

    private final AccountService accounts;
    private final TokenService tokens;
    private final PasswordEncoder encoder;
    private final String password;
    private final String token;

    FirstStart(
            AccountService accounts,
            TokenService tokens,
            PasswordEncoder encoder,
            @Value("${loom.admin.password:}") String password,
            @Value("${loom.bootstrap.token:}") String token) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.encoder = encoder;
        this.password = password;
        this.token = token;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (accounts.isEmpty()) {
            String first = password.isEmpty() ? generated() : password;
            accounts.create(ADMIN, first, Role.ADMIN);
            if (password.isEmpty()) {
                // on standard output, not in the log: logs are kept, and read by many
                System.out.println();
                System.out.println("Loom console: first start. Log in as '" + ADMIN + "' with the password  " + first);
                System.out.println("It is shown only now. Change it after the login.");
                System.out.println();
            }
        } else if (!password.isEmpty() && accounts.list().stream().anyMatch(a -> a.username().equals(ADMIN))
                && !encoder.matches(password, accounts.loadUserByUsername(ADMIN).getPassword())) {
            accounts.setPassword(ADMIN, password);
            log.info("The password of '{}' was set to the property loom.admin.password.", ADMIN);
        }
        if (!token.isEmpty()) {
            if (token.length() < 16) {
                throw new LoomProblem(ProblemCode.BAD_OPTION, "loom.bootstrap.token is too short.", "Give it 16 characters at least.");
            }
            tokens.bootstrap("bootstrap", Role.ADMIN, token);
        }
    }

    private static String generated() {
        SecureRandom random = new SecureRandom();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < GENERATED; i++) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return word.toString();
    }
}
