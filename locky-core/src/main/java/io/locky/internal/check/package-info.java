/**
 * Checks whether Redis is set up for locks, and whether the instances that share them fit
 * together.
 */
@NullMarked
package io.locky.internal.check;

import org.jspecify.annotations.NullMarked;
