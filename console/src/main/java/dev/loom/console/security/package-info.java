/**
 * Who may do what: accounts with a session for people, bearer tokens for scripts and agents, one filter chain for each. {@link
 * dev.loom.console.security.SecurityChains} is where to start.
 */
@NullMarked
package dev.loom.console.security;

import org.jspecify.annotations.NullMarked;
