package dev.loom.client;

import java.util.List;

/**
 * One thread of a finding.
 *
 * @param place {@code com.acme.Bank.transfer(Bank.java:42)}
 * @param access what it did there: read, write or call
 * @param target the field, or the method that is called
 * @param thread its name
 * @param monitor whether it held the monitor of the object
 * @param stack its stack, top first
 */
public record FindingSide(String place, String access, String target, String thread, boolean monitor, List<String> stack) {}
