package io.locky.web;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for a lock over HTTP.
 *
 * @param locker whom the {@link io.locky.LockerResolver LockerResolver} knows
 * @param principal who has logged in, or {@code null} if the web framework knows of
 * nobody; with Spring Security it is the {@code Authentication}, which has the roles
 * @since 0.1.0
 */
public record LockCaller(String locker, @Nullable Principal principal) {

}
