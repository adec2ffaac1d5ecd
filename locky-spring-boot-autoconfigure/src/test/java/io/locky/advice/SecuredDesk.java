package io.locky.advice;

import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import jakarta.annotation.security.RolesAllowed;

import org.springframework.security.access.annotation.Secured;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PreAuthorize;

/**
 * Methods that are locked, and that only some users may call.
 */
public class SecuredDesk {

	@Locked("tea")
	@PreAuthorize("hasRole('CHIEF')")
	public void preAuthorize() {
	}

	@Locked("tea")
	@Secured("ROLE_CHIEF")
	public void secured() {
	}

	@Locked("tea")
	@RolesAllowed("CHIEF")
	public void rolesAllowed() {
	}

	@RequiresLock("tea")
	@PreAuthorize("hasRole('CHIEF')")
	public void requiresLock() {
	}

	@RequiresLock("tea")
	@Secured("ROLE_CHIEF")
	public void securedRequiresLock() {
	}

	@Locked("tea")
	@RequiresLock("tea")
	@RolesAllowed("CHIEF")
	public void both() {
	}

	@Locked("tea")
	@PostAuthorize("hasRole('CHIEF')")
	public String postAuthorize() {
		return "ran";
	}

}
