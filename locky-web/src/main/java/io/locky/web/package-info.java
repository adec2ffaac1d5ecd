/**
 * Locks over HTTP, for Spring MVC and WebFlux alike.
 */
@NullMarked
package io.locky.web;

import org.jspecify.annotations.NullMarked;
