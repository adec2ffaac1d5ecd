package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.faults.history.Call.Operation;

/**
 * What a test lets an application do at a certain moment.
 */
final class AppCommands {

	private final Map<String, Function<String[], String>> commands = new HashMap<>();

	private final Recorder recorder;

	private final Function<String, Client> clients;

	private final Client client;

	private final List<LockHandle> kept = new ArrayList<>();

	private final Stealers stealers = new Stealers();

	/**
	 * Creates the commands.
	 * @param recorder the listener of this application
	 * @param clients creates clients, by a suffix of their names
	 */
	AppCommands(Recorder recorder, Function<String, Client> clients) {
		this.recorder = recorder;
		this.clients = clients;
		this.client = clients.apply("-main");
		this.commands.put("lock", (words) -> lock(words[1], Long.parseLong(words[2]), Long.parseLong(words[3])));
		this.commands.put("unlock", (words) -> "unlocked " + this.client.release(words[1], null, null));
		this.commands.put("hold", (words) -> hold(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3])));
		this.commands.put("keep", (words) -> keep(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3])));
		this.commands.put("overwrite",
				(words) -> overwrite(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3])));
		this.commands.put("give-up", (words) -> giveUp(words[1], Integer.parseInt(words[2])));
		this.commands.put("save-again", (words) -> saveAgain());
		this.commands.put("valid", (words) -> valid());
		this.commands.put("let-go", (words) -> letGo());
		this.commands.put("numbers", (words) -> numbers());
		this.commands.put("burst", (words) -> burst(Integer.parseInt(words[1])));
		this.commands.put("die", (words) -> die());
		this.commands.put("steal", (words) -> steal(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
		this.commands.put("give-back", (words) -> giveBack());
	}

	/**
	 * Does what a line says.
	 * @param words its words
	 * @return the answer, one line
	 */
	String obey(String[] words) {
		Function<String[], String> command = this.commands.get(words[0]);
		if (command == null) {
			throw new IllegalArgumentException(words[0]);
		}
		return command.apply(words);
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

	/** Acquires locks, waits for none, and saves under each. */
	private String overwrite(String prefix, int count, long ttl) {
		for (int i = 0; i < count; i++) {
			LockHandle handle = this.client.acquire(Operation.ACQUIRE, this.client.request(prefix + i, ttl));
			if (handle == null) {
				throw new IllegalStateException("not granted: " + prefix + i);
			}
			this.client.save(handle.resource(), handle.fence(), 1);
		}
		return "overwritten";
	}

	private String giveUp(String prefix, int count) {
		for (int i = 0; i < count; i++) {
			this.client.release(prefix + i, this.client.locker(), null);
		}
		return "given up";
	}

	/** Saves under the fences of all locks that were to be renewed. */
	private String saveAgain() {
		return "accepted "
				+ this.kept.stream().filter((handle) -> this.client.save(handle.resource(), handle.fence(), 1)).count();
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
