/**
 * The servers that the benchmarks start, and what these report of their work.
 */
@NullMarked
package io.locky.benchmark.redis;

import org.jspecify.annotations.NullMarked;
