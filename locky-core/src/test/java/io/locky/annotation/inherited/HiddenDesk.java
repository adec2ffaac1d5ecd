package io.locky.annotation.inherited;

import io.locky.annotation.LockAssert;
import io.locky.annotation.Locked;

class HiddenDesk {

	@Locked("tea")
	public String edit() {
		LockAssert.assertLocked("tea");
		return "locked";
	}

	public String read() {
		LockAssert.assertLocked("tea");
		return "locked";
	}

}
