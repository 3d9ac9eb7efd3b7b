/** What a filter asks of the code: immutable, printable, independent of how it is woven. Start at {@link dev.loom.filter.plan.WeavingPlan}. */
package dev.loom.filter.plan;
