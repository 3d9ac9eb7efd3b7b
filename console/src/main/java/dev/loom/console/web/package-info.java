/** What stands before everything else: trusted proxies, bodies that come slowly, requests that no controller should see, a database that is away. */
@NullMarked
package dev.loom.console.web;

import org.jspecify.annotations.NullMarked;
