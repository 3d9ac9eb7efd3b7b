/**
 * The pages of the console. Each controller adapts the services of a feature to a template of the frontend module and holds no
 * rules of its own; {@link dev.loom.console.page.PageAdvice} has what all pages share.
 */
@NullMarked
package dev.loom.console.page;

import org.jspecify.annotations.NullMarked;
