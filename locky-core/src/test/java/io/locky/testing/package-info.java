/**
 * A real Redis for the tests, and what they share.
 */
@NullMarked
package io.locky.testing;

import org.jspecify.annotations.NullMarked;
