package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.UnreadableLockException;
import io.locky.event.LockLostEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * One key or record that cannot be read, among others that can.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class UnreadableLockTests {

	private static final Duration TTL = Duration.ofMillis(900);

	private static final int LOCKS = 20;

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.template(TTL);

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void keyOfAnotherTypeCostsOnlyItsOwnHandle(CapturedOutput output) {
		List<LockHandle> handles = acquireAll();
		spoilKey("p7");
		assertOnlyOneIsLost(handles, output, this.fixture.lockKey("p7"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spoiled", "2[\"ann\",\"21\",1718000000000,30000,\"a\"]" })
	void recordThatCannotBeReadCostsOnlyItsOwnHandle(String record, CapturedOutput output) {
		List<LockHandle> handles = acquireAll();
		spoilRecord("p7", record);
		assertOnlyOneIsLost(handles, output, this.fixture.key("p7", "records"));
		assertThat(record("p7")).isEqualTo(record);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "spoiled", "[\"ann\"", "{\"locker\":\"ann\"}", "[]", "[\"ann\",21,1718000000000,30000,\"a\"]",
					"[\"ann\",\"x\",1718000000000,30000,\"a\"]", "2[\"ann\",\"21\",1718000000000,30000,\"a\"]",
					"[\"ann\",\"21\",1718000000000,30000,\"a\",7]", "42", "[[1]]" })
	void recordOfAnotherShapeCannotBeRead(String record) {
		this.locks.lock("p7", "ann");
		spoilRecord("p7", record);
		assertThatExceptionOfType(UnreadableLockException.class).isThrownBy(() -> this.locks.find("p7"));
	}

	@Test
	void operationsOnSeveralLocksLeaveOneOutThatCannotBeRead(CapturedOutput output) {
		for (int i = 0; i < LOCKS; i++) {
			this.locks.lock(LockRequest.of("p" + i).by("ann").ttl(Duration.ofMinutes(5)));
		}
		spoilKey("p7");
		spoilRecord("p8", "2[]");
		List<String> all = Stream.iterate(0, (i) -> i + 1).limit(LOCKS).map((i) -> "p" + i).toList();
		List<String> readable = all.stream().filter((name) -> !name.equals("p7") && !name.equals("p8")).toList();
		assertThat(this.locks.findAll(all).keySet()).containsExactlyElementsOf(readable);
		assertThat(this.locks.findAll(List.of("p7"))).isEmpty();
		assertThat(listed(LockQuery.all())).containsExactlyInAnyOrderElementsOf(readable);
		assertThat(listed(LockQuery.all().heldBy("ann"))).containsExactlyInAnyOrderElementsOf(readable);
		assertThat(this.locks.unlockAll("ann")).isEqualTo(LOCKS - 2);
		assertThat(this.locks.findAll(all)).isEmpty();
		assertThat(warnings(output)).hasSize(2)
			.anyMatch((line) -> line.contains("'p7'"))
			.anyMatch((line) -> line.contains("'p8'"));
	}

	@Test
	void operationOnAKeyOfAnotherTypeNamesIt() {
		spoilKey("p7");
		assertUnreadable("'p7'", "key '" + this.fixture.lockKey("p7") + "'", "delete");
		assertThat(this.fixture.redis().opsForList().range(this.fixture.lockKey("p7"), 0, -1))
			.containsExactly("spoiled");
		assertThat(this.fixture.allKeys()).containsExactly(this.fixture.lockKey("p7"));
	}

	@Test
	void operationOnARecordOfANewerVersionLeavesIt() {
		this.locks.lock(LockRequest.of("p7").by("ann").ttl(Duration.ofMinutes(5)));
		spoilRecord("p7", "2[\"ann\"]");
		assertUnreadable("'p7'", "'" + this.fixture.key("p7", "records") + "'", "newer version", "HDEL");
		assertThat(record("p7")).isEqualTo("2[\"ann\"]");
		assertThat(this.fixture.redis().opsForValue().get(this.fixture.lockKey("p7"))).isEqualTo("ann");
		spoilRecord("p8", "2[\"ann\"]");
		assertThatExceptionOfType(UnreadableLockException.class)
			.isThrownBy(() -> this.locks.lockAll(List.of("p6", "p8"), "bob"))
			.returns("p8", UnreadableLockException::getResource);
		assertThat(this.locks.getLocker("p6")).isNull();
	}

	private void assertUnreadable(String... parts) {
		LockRequest request = LockRequest.of("p7").by("bob");
		List<ThrowingCallable> operations = List.of(() -> this.locks.lock("p7", "bob"),
				() -> this.locks.lock(request.force()), () -> this.locks.tryLock(request.reentrant()),
				() -> this.locks.refresh("p7"), () -> this.locks.refresh("p7", "ann"), () -> this.locks.unlock("p7"),
				() -> this.locks.unlock("p7", "ann", 7), () -> this.locks.find("p7"), () -> this.locks.getLocker("p7"));
		for (ThrowingCallable operation : operations) {
			assertThatExceptionOfType(UnreadableLockException.class).isThrownBy(operation)
				.returns("p7", UnreadableLockException::getResource)
				.satisfies((ex) -> assertThat(ex.getMessage()).contains(parts));
		}
		assertThat(this.fixture.events()).noneMatch((event) -> event.getLocker().equals("bob"));
	}

	private void assertOnlyOneIsLost(List<LockHandle> handles, CapturedOutput output, String name) {
		await().until(() -> !this.fixture.events(LockLostEvent.class).isEmpty());
		await().during(TTL.multipliedBy(2)).atMost(Duration.ofSeconds(20)).until(() -> others(handles));
		assertThat(this.fixture.events(LockLostEvent.class)).singleElement().returns("p7", LockLostEvent::getResource);
		assertThat(warnings(output)).singleElement().asString().contains("'p7'", name);
	}

	private static boolean others(List<LockHandle> handles) {
		return handles.stream().allMatch((handle) -> handle.isValid() != handle.resource().equals("p7"));
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains("WARN")).toList();
	}

	private List<String> listed(LockQuery query) {
		return this.locks.list(query.limit(1000)).locks().stream().map(LockInfo::resource).toList();
	}

	private List<LockHandle> acquireAll() {
		List<LockHandle> handles = new ArrayList<>();
		for (int i = 0; i < LOCKS; i++) {
			LockRequest request = LockRequest.of("p" + i).by("ann").autoRenew();
			handles.add(((LockAttempt.Acquired) this.locks.tryLock(request)).handle());
		}
		return handles;
	}

	private void spoilKey(String resource) {
		this.fixture.redis().delete(this.fixture.lockKey(resource));
		this.fixture.redis().opsForList().rightPush(this.fixture.lockKey(resource), "spoiled");
	}

	private void spoilRecord(String resource, String text) {
		this.fixture.redis().opsForHash().put(this.fixture.key(resource, "records"), resource, text);
	}

	private Object record(String resource) {
		return this.fixture.redis().opsForHash().get(this.fixture.key(resource, "records"), resource);
	}

}
