/** What the commands print: JSON for scripts, tables and sentences for people. Start at {@link dev.loom.ctl.output.Printer}. */
package dev.loom.ctl.output;
