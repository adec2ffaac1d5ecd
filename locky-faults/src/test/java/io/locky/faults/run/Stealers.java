package io.locky.faults.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Threads that take one lock over, again and again: half of the times from anyone, half
 * of the times from the holder that they have just seen.
 */
final class Stealers {

	private static final String RESOURCE = "storm";

	private final ConcurrentLinkedQueue<LockHandle> handles = new ConcurrentLinkedQueue<>();

	/**
	 * Runs them.
	 * @param clients creates the client of each thread
	 * @param threads how many
	 * @param times how often each of them tries
	 */
	void run(IntFunction<Client> clients, int threads, int times) {
		List<Thread> all = IntStream.range(0, threads).mapToObj((i) -> new Thread(() -> {
			Client client = clients.apply(i);
			for (int n = 0; n < times; n++) {
				steal(client, (n + i) % 2 == 0);
			}
		})).toList();
		all.forEach(Thread::start);
		all.forEach(Threads::join);
	}

	private void steal(Client client, boolean fromAnyone) {
		LockRequest request = client.request(RESOURCE, 3000).autoRenew();
		if (fromAnyone) {
			keep(client, client.acquire(Operation.TAKE_OVER, request.force()));
			return;
		}
		Answer shown = client.find(RESOURCE);
		Long fence = shown.fence();
		if (shown.kind() == Kind.HELD && fence != null) {
			keep(client, client.acquire(Operation.TAKE_OVER, request.takeOverFrom(fence)));
		}
		else {
			keep(client, client.acquire(Operation.ACQUIRE, request.waitUpTo(Duration.ofMillis(1))));
		}
	}

	private void keep(Client client, @Nullable LockHandle handle) {
		if (handle != null) {
			client.renews(handle);
			this.handles.add(handle);
		}
	}

	/** Releases what is still held. */
	void giveBack(Client client) {
		this.handles.stream().filter(LockHandle::isValid).forEach((handle) -> client.release(handle, handle.locker()));
	}

}
