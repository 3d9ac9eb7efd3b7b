/** The steps in which a body is woven, one class a concern. Their order is in {@code MethodWeaver}; each is a {@link dev.loom.filter.weave.pass.Pass}. */
package dev.loom.filter.weave.pass;
