/**
 * The protocol between the library and Redis as a small model, of which every state is
 * visited.
 */
@NullMarked
package io.locky.faults.model;

import org.jspecify.annotations.NullMarked;
