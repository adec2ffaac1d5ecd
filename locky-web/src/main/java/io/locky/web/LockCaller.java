package io.locky.web;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

/**
 * The caller of an HTTP endpoint.
 *
 * @param locker the locker that the {@link io.locky.LockerResolver LockerResolver}
 * returned
 * @param principal the authenticated user, or {@code null} if the web framework has none;
 * with Spring Security it is the {@code Authentication}, which has the roles
 * @since 0.9.0
 */
public record LockCaller(String locker, @Nullable Principal principal) {

}
