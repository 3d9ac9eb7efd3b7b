package dev.loom.agent.control;

import java.util.List;

/**
 * One thread of a finding.
 *
 * @param place {@code com.acme.Bank.transfer(Bank.java:42)}
 * @param access {@code read}, {@code write}, {@code reading call} or {@code changing call}
 * @param target what it uses, {@code com.acme.Account.balance} or {@code java.util.HashMap.put}
 * @param thread its name
 * @param monitor whether it held the monitor of the object
 * @param stack its stack, top first, cut
 */
public record FindingSide(String place, String access, String target, String thread, boolean monitor, List<String> stack) {}
