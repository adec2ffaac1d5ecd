/**
 * What reactive callers need. Its classes are not loaded where there is no Reactor.
 */
@NullMarked
package io.locky.internal.reactive;

import org.jspecify.annotations.NullMarked;
