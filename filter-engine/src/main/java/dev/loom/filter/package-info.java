/** Turns the text of an execution filter and class files into a plan of what to weave. Start at {@link dev.loom.filter.FilterCompiler}. */
package dev.loom.filter;
