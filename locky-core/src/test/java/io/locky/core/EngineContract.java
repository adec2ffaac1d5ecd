package io.locky.core;

import java.time.Duration;
import java.util.List;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.event.LockyEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the contracts share that any engine keeps: locks, and a look at them.
 */
abstract class EngineContract {

	static final Duration TTL = Duration.ofSeconds(47);

	ContractEngine engine;

	LockyOperations locks;

	abstract ContractEngine newEngine();

	@BeforeEach
	void openEngine() {
		this.engine = newEngine();
		this.locks = this.engine.locks(TTL);
	}

	@AfterEach
	void closeEngine() {
		this.engine.close();
	}

	long remaining(String resource) {
		return this.engine.remaining(resource);
	}

	long fence(String resource) {
		return this.engine.fence(resource);
	}

	List<LockyEvent> events() {
		return this.engine.events();
	}

	<T extends LockyEvent> List<T> events(Class<T> type) {
		return this.engine.events().stream().filter(type::isInstance).map(type::cast).toList();
	}

	LockHandle acquire(LockRequest request) {
		return ((LockAttempt.Acquired) this.locks.tryLock(request)).handle();
	}

}
