package dev.loom.console.security;

/**
 * A new token.
 *
 * @param secret what to send as {@code Authorization: Bearer}; shown this once, kept only as a hash
 */
public record CreatedToken(TokenView token, String secret) {
    @Override
    public String toString() {
        return "CreatedToken[" + token.name() + "]";
    }
}
