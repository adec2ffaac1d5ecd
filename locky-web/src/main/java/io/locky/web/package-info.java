/**
 * Locks over HTTP, for Spring MVC and WebFlux: who may lock what, what an answer shows,
 * and how exceptions become problem details.
 */
@NullMarked
package io.locky.web;

import org.jspecify.annotations.NullMarked;
