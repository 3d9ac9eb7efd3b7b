/**
 * Target JVMs under constant load with real races, for the console to bypass. Two programs: {@link dev.loom.demo.LogbackDemo}
 * drives a published, unmodified library, {@link dev.loom.demo.BankDemo} a few lines of its own. Nothing here knows of Loom.
 */
package dev.loom.demo;
