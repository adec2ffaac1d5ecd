/**
 * Responses to exceptions that controllers of the application throw.
 */
@NullMarked
package io.locky.web.internal;

import org.jspecify.annotations.NullMarked;
