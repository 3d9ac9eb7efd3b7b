/**
 * Whole programs of others, under full static instrumentation: what they print is what they print without the agent. Start at
 * {@link dev.loom.it.programs.ProgramsTest}; each other class here is a program.
 */
package dev.loom.it.programs;
