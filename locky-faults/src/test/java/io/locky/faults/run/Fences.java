package io.locky.faults.run;

import io.locky.faults.history.Call;
import io.locky.faults.history.Seen;
import org.jspecify.annotations.Nullable;

/**
 * Reads fences, 0 where there is none.
 */
final class Fences {

	private Fences() {
	}

	static long of(Call granted) {
		return value(granted.answer().fence());
	}

	static long of(Seen event) {
		return value(event.fence());
	}

	private static long value(@Nullable Long fence) {
		return (fence != null) ? fence : 0;
	}

}
