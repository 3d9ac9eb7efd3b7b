package dev.loom.console.security;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.Page;
import dev.loom.console.contract.ProblemCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tokens and accounts over REST, for administrators. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "access")
class AccessController {

    private final TokenService tokens;
    private final AccountService accounts;

    AccessController(TokenService tokens, AccountService accounts) {
        this.tokens = tokens;
        this.accounts = accounts;
    }

    /** {@code validDays} null: until it is revoked; {@code scope} null: all JVMs. */
    record TokenBody(@Nullable String name, @Nullable String role, @Nullable Integer validDays, @Nullable String scope) {}

    record AccountBody(
            @Nullable String username, @Nullable String password, @Nullable String role, @Nullable Boolean enabled, @Nullable String scope) {
        @Override
        public String toString() {
            return "AccountBody[" + username + "]";
        }
    }

    @Operation(summary = "Makes a token; its secret is in this answer and nowhere else")
    @PostMapping("/tokens")
    ResponseEntity<CreatedToken> createToken(@RequestBody TokenBody body) {
        Duration valid = body.validDays() == null ? null : Duration.ofDays(Math.min(body.validDays(), 36_500));
        CreatedToken created = tokens.create(required(body.name(), "name"), Role.parse(body.role()), valid, body.scope());
        return ResponseEntity.status(HttpStatus.CREATED).header("Cache-Control", "no-store").body(created);
    }

    @Operation(summary = "The tokens, without their secrets")
    @GetMapping("/tokens")
    Page<TokenView> tokens(@RequestParam(defaultValue = "0") int page, @RequestParam(defaultValue = "50") int size) {
        return tokens.list(page, size);
    }

    @Operation(summary = "Revokes a token")
    @DeleteMapping("/tokens/{id}")
    ResponseEntity<Void> revoke(@PathVariable long id) {
        tokens.revoke(id);
        return ResponseEntity.noContent().build();
    }

    @Operation(summary = "The accounts")
    @GetMapping("/accounts")
    Page<AccountView> accounts() {
        List<AccountView> all = accounts.list();
        return new Page<>(all, 0, Math.max(1, all.size()), all.size());
    }

    @Operation(summary = "Makes an account")
    @PostMapping("/accounts")
    ResponseEntity<AccountView> createAccount(@RequestBody AccountBody body) {
        AccountView created =
                accounts.create(required(body.username(), "username"), required(body.password(), "password"), Role.parse(body.role()), body.scope());
        return ResponseEntity.status(HttpStatus.CREATED).body(created);
    }

    @Operation(summary = "Changes an account: whichever of password, role, enabled and scope is given; an empty scope is all JVMs")
    @PutMapping("/accounts/{username}")
    AccountView changeAccount(@PathVariable String username, @RequestBody AccountBody body) {
        return accounts.change(
                username, body.password(), body.role() == null ? null : Role.parse(body.role()), body.enabled(), body.scope());
    }

    @Operation(summary = "Deletes an account")
    @DeleteMapping("/accounts/{username}")
    ResponseEntity<Void> deleteAccount(@PathVariable String username) {
        accounts.delete(username);
        return ResponseEntity.noContent().build();
    }

    private static String required(@Nullable String value, String name) {
        if (value == null) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "The member " + name + " is missing.");
        }
        return value;
    }
}
