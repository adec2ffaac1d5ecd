/**
 * Locks around methods.
 */
@NullMarked
package io.locky.annotation;

import org.jspecify.annotations.NullMarked;
