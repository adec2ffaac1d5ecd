package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.faults.history.Call.Operation;

/**
 * What a test lets an application do at a certain moment.
 */
final class AppCommands {

	private final LockyTemplate locks;

	private final Recorder recorder;

	private final Function<String, Client> clients;

	private final Client client;

	private final List<LockHandle> kept = new ArrayList<>();

	private final Stealers stealers = new Stealers();

	/**
	 * Creates the commands.
	 * @param locks the locks
	 * @param recorder the listener of this application
	 * @param clients creates clients, by a suffix of their names
	 */
	AppCommands(LockyTemplate locks, Recorder recorder, Function<String, Client> clients) {
		this.locks = locks;
		this.recorder = recorder;
		this.clients = clients;
		this.client = clients.apply("-main");
	}

	String obey(String[] words) {
		return switch (words[0]) {
			case "lock" -> lock(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
			case "unlock" -> "unlocked " + this.client.release(words[1], null, null);
			case "hold" -> hold(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3]));
			case "keep" -> keep(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3]));
			case "valid" -> valid();
			case "let-go" -> letGo();
			case "numbers" -> numbers();
			case "burst" -> burst(Integer.parseInt(words[1]));
			case "die" -> die();
			case "steal" -> steal(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
			case "give-back" -> giveBack();
			case "status" -> this.locks.status().toString().replace('\n', ' ');
			default -> throw new IllegalArgumentException(words[0]);
		};
	}

	/** Acquires one lock, and perhaps waits for it. */
	private String lock(String resource, long ttl, long waitMillis) {
		LockRequest request = this.client.request(resource, ttl);
		long called = System.nanoTime();
		LockHandle handle = this.client.acquire(Operation.ACQUIRE,
				(waitMillis > 0) ? request.waitUpTo(Duration.ofMillis(waitMillis)) : request);
		return (handle != null) ? "granted %d %d %d".formatted(handle.fence(), called, System.nanoTime()) : "denied";
	}

	/** Acquires many locks, which nobody refreshes. */
	private String hold(String prefix, int count, long ttl) {
		for (int i = 0; i < count; i++) {
			this.client.acquire(Operation.ACQUIRE, this.client.request(prefix + i, ttl));
		}
		return "held";
	}

	private String die() {
		this.recorder.dieAtNextExpiry();
		return "will die";
	}

	private String steal(int threads, int times) {
		this.stealers.run((i) -> this.clients.apply("-" + i), threads, times);
		return "stolen";
	}

	private String giveBack() {
		this.stealers.giveBack(this.client);
		return "given back";
	}

	/** Acquires locks that are renewed in the background. */
	private String keep(String prefix, int count, long ttl) {
		for (int i = 0; i < count; i++) {
			LockHandle handle = this.client.acquire(Operation.ACQUIRE,
					this.client.request(prefix + i, ttl).autoRenew());
			if (handle != null) {
				this.client.renews(handle);
				this.kept.add(handle);
			}
		}
		return "kept " + this.kept.size();
	}

	private String valid() {
		return "valid " + this.kept.stream().filter(LockHandle::isValid).count();
	}

	private String letGo() {
		this.kept.stream().filter(LockHandle::isValid).forEach(this.client::release);
		return "let go";
	}

	private String numbers() {
		this.recorder.writeNumbersOnly();
		return "numbers";
	}

	/** Acquires very many locks for the configured TTL. */
	private String burst(int count) {
		for (int from = 0; from < count; from += 1000) {
			this.client.acquireUnrecorded(
					IntStream.range(from, Math.min(count, from + 1000)).mapToObj((i) -> "b" + i).toList());
		}
		return "burst";
	}

}
