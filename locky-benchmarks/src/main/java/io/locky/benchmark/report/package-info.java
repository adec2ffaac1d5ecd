/**
 * Tables and plots of the results.
 */
@NullMarked
package io.locky.benchmark.report;

import org.jspecify.annotations.NullMarked;
