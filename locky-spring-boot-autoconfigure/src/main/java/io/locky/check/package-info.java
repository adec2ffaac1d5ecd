/**
 * Looks once whether Redis is set up for locks.
 */
@NullMarked
package io.locky.check;

import org.jspecify.annotations.NullMarked;
