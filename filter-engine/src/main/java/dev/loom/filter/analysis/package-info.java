/** Questions about one method body: control flow, region interiors, monitors, switch points; a small class for each. */
package dev.loom.filter.analysis;
