/**
 * Lock advice together with the real annotations of other libraries.
 */
@NullMarked
package io.locky.advice;

import org.jspecify.annotations.NullMarked;
