/**
 * Annotations that hold or require locks around methods, and the advice behind them.
 *
 * @serial exclude
 */
@NullMarked
package io.locky.annotation;

import org.jspecify.annotations.NullMarked;
