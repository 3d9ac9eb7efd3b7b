/**
 * Applies a plan, the static part (update points) and polls to class files with ASM. Start at
 * {@link dev.loom.filter.weave.ClassWeaver}.
 */
package dev.loom.filter.weave;
