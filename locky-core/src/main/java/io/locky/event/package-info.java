/**
 * What happens to locks, as Spring application events: listen with
 * {@link org.springframework.context.event.EventListener @EventListener}.
 *
 * @serial exclude
 */
@NullMarked
package io.locky.event;

import org.jspecify.annotations.NullMarked;
