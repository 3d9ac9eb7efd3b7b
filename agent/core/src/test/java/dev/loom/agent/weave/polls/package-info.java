/** Where polls of {@code r <> *} stand in woven code. Start with {@link dev.loom.agent.weave.polls.PollWeavingTest}. */
package dev.loom.agent.weave.polls;
