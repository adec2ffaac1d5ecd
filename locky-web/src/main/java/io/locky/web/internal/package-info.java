/**
 * Answers to exceptions that controllers throw.
 */
@NullMarked
package io.locky.web.internal;

import org.jspecify.annotations.NullMarked;
