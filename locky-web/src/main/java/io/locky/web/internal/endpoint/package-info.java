/**
 * The HTTP endpoints for locks, apart from what differs between Spring MVC and WebFlux.
 */
@NullMarked
package io.locky.web.internal.endpoint;

import org.jspecify.annotations.NullMarked;
