/**
 * Grants that code holds: handles, and who keeps them alive.
 */
@NullMarked
package io.locky.handle;

import org.jspecify.annotations.NullMarked;
