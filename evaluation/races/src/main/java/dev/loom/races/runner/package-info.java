/**
 * Measures what filters do to the races: {@link dev.loom.races.runner.Measure} runs them, with agent and without, and makes the tables
 * and the figure. It steers by the control tool and reads by JMX, as an operator would.
 */
package dev.loom.races.runner;
