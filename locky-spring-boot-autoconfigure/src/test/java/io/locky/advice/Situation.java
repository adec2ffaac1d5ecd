package io.locky.advice;

import java.util.List;
import java.util.function.Consumer;

/**
 * What happens around a call, and how its work ends.
 */
enum Situation {

	ALONE("alone", WorkCall::invoke),

	ENDS("its work ends", (call) -> {
		call.invoke();
		call.complete();
	}),

	FAILS("it fails", (call) -> {
		call.invoke();
		call.fail();
	}),

	CANCELLED("it is cancelled", (call) -> {
		call.invoke();
		call.cancel();
	}),

	OWN_TRANSACTION("`@Transactional`", (call) -> {
		call.invoke();
		call.awaitEndOfTransaction();
		call.complete();
	}),

	COMMITTED("in a transaction", (call) -> call.inTransaction(false, () -> {
		call.invoke();
		call.complete();
	})),

	ROLLED_BACK("in a transaction that is rolled back", (call) -> call.inTransaction(true, () -> {
		call.invoke();
		call.complete();
	})),

	OUTLIVES_TRANSACTION("in a transaction, its work ends later", (call) -> {
		call.inTransaction(false, call::invoke);
		call.complete();
	}),

	NESTED("in a call that holds the lock", (call) -> call.inLockedCall(() -> {
		call.invoke();
		call.complete();
	})),

	OUTLIVES_CALL("in a call that holds the lock, its work ends later", (call) -> {
		call.inLockedCall(call::invoke);
		call.complete();
	});

	static final List<Situation> OF_CALLS = List.of(ALONE, OWN_TRANSACTION, COMMITTED, ROLLED_BACK, NESTED);

	static final List<Situation> OF_WORK = List.of(ENDS, FAILS, CANCELLED, OWN_TRANSACTION, COMMITTED, ROLLED_BACK,
			OUTLIVES_TRANSACTION, NESTED, OUTLIVES_CALL);

	private final String text;

	private final Consumer<WorkCall> scene;

	Situation(String text, Consumer<WorkCall> scene) {
		this.text = text;
		this.scene = scene;
	}

	String text() {
		return this.text;
	}

	void run(WorkCall call) {
		this.scene.accept(call);
	}

}
