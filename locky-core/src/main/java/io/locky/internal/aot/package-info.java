/**
 * What a native image needs to know of this library.
 */
@NullMarked
package io.locky.internal.aot;

import org.jspecify.annotations.NullMarked;
