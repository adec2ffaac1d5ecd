package io.locky.application;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import io.locky.event.LockExpiredEvent;

import org.springframework.context.event.EventListener;
import org.springframework.security.access.prepost.PreAuthorize;

/**
 * What an application does with locks.
 */
class Desk {

	private final Queue<String> expired = new ConcurrentLinkedQueue<>();

	private final CountDownLatch started = new CountDownLatch(1);

	private final CountDownLatch end = new CountDownLatch(1);

	@Locked("article:#<id>")
	String edit(long id) {
		return "edited " + id;
	}

	@Locked("article:#<id>")
	String editSlowly(long id) throws InterruptedException {
		this.started.countDown();
		this.end.await();
		return "edited " + id;
	}

	@RequiresLock("article:#<id>")
	String save(long id) {
		return "saved " + id;
	}

	@Locked("article:#<id>")
	@PreAuthorize("hasRole('CHIEF')")
	String publish(long id) {
		return "published " + id;
	}

	@EventListener
	void on(LockExpiredEvent event) {
		this.expired.add(event.getResource());
	}

	List<String> expired() {
		return List.copyOf(this.expired);
	}

	boolean hasStarted() {
		return this.started.getCount() == 0;
	}

	void endSlowEdit() {
		this.end.countDown();
	}

}
