/**
 * The endpoint and the health of the Actuator.
 */
@NullMarked
package io.locky.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
