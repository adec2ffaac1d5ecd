/**
 * Publishes lock events to the listeners of the application.
 */
@NullMarked
package io.locky.internal.event;

import org.jspecify.annotations.NullMarked;
