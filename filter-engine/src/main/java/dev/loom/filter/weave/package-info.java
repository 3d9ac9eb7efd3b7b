/**
 * Applies a plan, and the static part (switch points), to class files with ASM. Start at {@link dev.loom.filter.weave.ClassWeaver}.
 */
package dev.loom.filter.weave;
