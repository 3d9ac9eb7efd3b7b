/**
 * What a filter will come to, told from class files before it is woven: where frames will move and where they may stay ({@link
 * dev.loom.filter.forecast.Outlook}), what code from before can still do ({@link dev.loom.filter.forecast.MethodAnalysis}, {@link
 * dev.loom.filter.forecast.PollAnalysis}), how large methods become ({@link dev.loom.filter.forecast.TrialWeaving}).
 */
package dev.loom.filter.forecast;
