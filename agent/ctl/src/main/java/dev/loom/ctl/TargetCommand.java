package dev.loom.ctl;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command about one JVM: which one, and how to get into it. */
abstract class TargetCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common;

    @Mixin
    TargetOptions access;

    @Parameters(index = "0", paramLabel = "TARGET", description = "pid, host:port or JMX service URL.")
    String target;
}
