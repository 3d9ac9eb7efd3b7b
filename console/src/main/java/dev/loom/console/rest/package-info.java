/** What all REST controllers share: problem details for errors, limits of size, idempotent retries, versions as ETags. {@code ApiErrors} decides what an error becomes. */
@NullMarked
package dev.loom.console.rest;

import org.jspecify.annotations.NullMarked;
