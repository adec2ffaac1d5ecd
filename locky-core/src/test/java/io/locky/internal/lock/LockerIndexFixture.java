package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.core.LockyTemplate;
import io.locky.internal.lock.LockCommands.HeldReply;
import io.locky.internal.lock.LockerIndex.Timing;
import io.locky.internal.redis.JsonTexts;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptRunner;
import io.locky.testing.LockyFixture;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.awaitility.Awaitility.await;

/**
 * Locks with and without the index by locker, and a look into it.
 */
final class LockerIndexFixture implements AutoCloseable {

	static final Timing FAST = new Timing(Duration.ofMillis(5), Duration.ZERO, Duration.ofSeconds(1),
			Duration.ofHours(1));

	private static final LockyScript<List<Object>> INDEX = LockyScript.ofList(LockerIndex.class, "index");

	final LockyFixture fixture;

	final ScriptRunner scripts;

	private final List<LockerIndex> builders = new ArrayList<>();

	LockerIndexFixture(RedisConnectionFactory connections) {
		this.fixture = new LockyFixture(connections);
		this.scripts = new ScriptRunner(connections);
	}

	/** An instance that keeps the index, and builds it at its start. */
	LockyTemplate keeping() {
		return this.fixture.template(Duration.ofMinutes(5));
	}

	/** An instance that has the index switched off, and has deleted it. */
	LockyTemplate without() {
		String lockers = this.fixture.keys().partitions().get(0).lockers();
		this.fixture.redis().opsForHash().put(lockers, "old", "\0x\0");
		LockyTemplate locks = this.fixture
			.start(this.fixture.settings().ttl(Duration.ofMinutes(5)).lockerIndex(false).build());
		await().until(() -> !this.fixture.redis().hasKey(lockers));
		return locks;
	}

	LockerIndex build(Timing timing) {
		LockerIndex builder = new LockerIndex(this.scripts, this.fixture.keys(), timing);
		this.builders.add(builder);
		builder.start();
		return builder;
	}

	void awaitComplete() {
		await().atMost(Duration.ofSeconds(20)).until(this::isComplete);
	}

	boolean isComplete() {
		return this.fixture.keys()
			.partitions()
			.stream()
			.allMatch((partition) -> held(partition, "nobody").isComplete());
	}

	HeldReply held(LockyPartition partition, String locker) {
		return this.scripts.run(LockCommands.held(partition, locker, 0, 1000, ""));
	}

	/**
	 * Sends a step of a build.
	 * @param id the build
	 * @param server the server that it began on, empty to look
	 * @param cursor where it continues
	 * @param count how many records to read
	 * @return state, next cursor and server
	 */
	List<String> step(String id, String server, String cursor, int count) {
		LockyPartition partition = this.fixture.keys().partitions().get(0);
		return this.scripts.run(INDEX.call(List.of(partition.records(), partition.fence(), partition.lockers()),
				List.of(id, server, cursor, Integer.toString(count), "0", "1000", "3600000"),
				(reply) -> reply.stream().map(String.class::cast).toList()));
	}

	/** The entries of all partitions, each as locker and resource. */
	Set<String> entries() {
		Set<String> entries = new TreeSet<>();
		for (LockyPartition partition : this.fixture.keys().partitions()) {
			Map<String, String> lists = this.fixture.redis().<String, String>opsForHash().entries(partition.lockers());
			lists.forEach((field, list) -> {
				if (!field.equals("\0") && !list.equals("#")) {
					String locker = field.equals("\0\0") ? "?" : field.split("\0")[0];
					for (String resource : list.substring(1).split("\0")) {
						entries.add(locker + " " + resource);
					}
				}
			});
		}
		return entries;
	}

	/** What the entries must be. */
	Set<String> records() {
		Set<String> records = new TreeSet<>();
		for (LockyPartition partition : this.fixture.keys().partitions()) {
			Map<String, String> texts = this.fixture.redis().<String, String>opsForHash().entries(partition.records());
			texts.forEach((resource, record) -> records.add(JsonTexts.read(record).get(0) + " " + resource));
		}
		return records;
	}

	String state() {
		return String
			.valueOf(this.fixture.redis().opsForHash().get(this.fixture.keys().partitions().get(0).lockers(), "\0"));
	}

	static List<String> heldBy(LockyTemplate locks, String locker, int limit) {
		List<String> resources = new ArrayList<>();
		LockQuery query = LockQuery.all().heldBy(locker).limit(limit);
		LockPage page = locks.list(query);
		resources.addAll(resources(page));
		while (page.cursor() != null) {
			page = locks.list(query.after(page.cursor()));
			resources.addAll(resources(page));
		}
		return resources;
	}

	static List<String> resources(LockPage page) {
		return page.locks().stream().map(LockInfo::resource).toList();
	}

	@Override
	public void close() {
		this.builders.forEach(LockerIndex::stop);
		this.fixture.close();
	}

}
