/**
 * Classes that beans of another package extend.
 */
@NullMarked
package io.locky.annotation.inherited;

import org.jspecify.annotations.NullMarked;
