/**
 * A lock library, and an adapter for each that is measured.
 */
@NullMarked
package io.locky.benchmark.library;

import org.jspecify.annotations.NullMarked;
