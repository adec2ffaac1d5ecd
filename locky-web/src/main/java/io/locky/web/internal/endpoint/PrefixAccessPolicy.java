package io.locky.web.internal.endpoint;

import java.util.List;

import io.locky.InvalidSettingException;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;

/**
 * Lets every caller lock and watch the resources with one of some prefixes, and take over
 * none.
 */
public final class PrefixAccessPolicy implements LockAccessPolicy {

	private final List<String> prefixes;

	/**
	 * Creates the policy.
	 * @param prefixes the prefixes; if there are none, no resource may be locked
	 */
	public PrefixAccessPolicy(List<String> prefixes) {
		prefixes.forEach((prefix) -> InvalidSettingException.require(!prefix.isBlank(), "locky.web.resources",
				() -> "must not have an empty entry"));
		this.prefixes = List.copyOf(prefixes);
	}

	@Override
	public boolean mayLock(LockCaller caller, String resource) {
		return this.prefixes.stream().anyMatch(resource::startsWith);
	}

}
