/**
 * The HTTP endpoints for locks in Spring WebFlux.
 */
@NullMarked
package io.locky.web.internal.webflux;

import org.jspecify.annotations.NullMarked;
