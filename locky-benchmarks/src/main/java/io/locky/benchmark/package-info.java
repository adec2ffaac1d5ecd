/**
 * Measurements of Locky on a real Redis.
 */
@NullMarked
package io.locky.benchmark;

import org.jspecify.annotations.NullMarked;
