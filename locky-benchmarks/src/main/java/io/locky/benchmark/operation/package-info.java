/**
 * Single operations, measured with JMH.
 */
@NullMarked
package io.locky.benchmark.operation;

import org.jspecify.annotations.NullMarked;
