/**
 * Real races in published, unmodified libraries, each under a steady load that provokes it. {@link dev.loom.races.RaceMain} runs
 * one in a JVM of its own, with nothing but that race's jars on the class path. Nothing here knows of Loom.
 */
package dev.loom.races;
