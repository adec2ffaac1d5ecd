package io.locky.core;

import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.redis.SignalListener;

/**
 * Lets the tests of other packages create templates over parts that they look into.
 */
public final class LockyTemplates {

	private LockyTemplates() {
	}

	public static LockyTemplate over(LockyRuntime runtime) {
		return new LockyTemplate(runtime);
	}

	public static void addSignalListener(LockyTemplate template, SignalListener listener) {
		template.runtime().addSignalListener(listener);
	}

}
