package io.locky.annotation.inherited;

import io.locky.annotation.Locked;

/**
 * A class whose method no other package can override.
 */
public class PackagePrivateDesk {

	@Locked("tea")
	void edit() {
	}

}
