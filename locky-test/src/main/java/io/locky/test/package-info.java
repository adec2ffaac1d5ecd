/**
 * Locks in memory with a clock that the test sets, recorded events and assertions.
 */
@NullMarked
package io.locky.test;

import org.jspecify.annotations.NullMarked;
