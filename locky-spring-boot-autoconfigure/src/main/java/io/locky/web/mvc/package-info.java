/**
 * The HTTP endpoints for locks in Spring MVC.
 */
@NullMarked
package io.locky.web.mvc;

import org.jspecify.annotations.NullMarked;
