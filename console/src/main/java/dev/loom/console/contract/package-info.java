/**
 * What the answers of all features share: {@link dev.loom.console.contract.LoomProblem} for what went wrong, {@link
 * dev.loom.console.contract.Remark} for what the checker says, {@link dev.loom.console.contract.Page} for lists.
 */
@NullMarked
package dev.loom.console.contract;

import org.jspecify.annotations.NullMarked;
