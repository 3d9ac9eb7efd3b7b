/** Questions about one method body: control flow, region interiors, monitors, update points; a small class for each, such as {@code RegionInterior}. */
package dev.loom.filter.analysis;
