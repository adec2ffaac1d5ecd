/**
 * Annotations that hold or require locks around methods, and the advice behind them.
 */
@NullMarked
package io.locky.annotation;

import org.jspecify.annotations.NullMarked;
