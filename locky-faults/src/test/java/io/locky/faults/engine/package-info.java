/**
 * Runs the library with its scripts, or with scripts that are broken on purpose, and
 * checks what its clients were answered.
 */
@NullMarked
package io.locky.faults.engine;

import org.jspecify.annotations.NullMarked;
