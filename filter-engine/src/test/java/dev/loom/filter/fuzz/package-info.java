/** Targets of a fuzzer ({@code evaluation/fuzz}), and the inputs that it starts from. */
package dev.loom.filter.fuzz;
