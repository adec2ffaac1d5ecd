package io.locky.internal.expiration;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import io.locky.internal.expiration.ExpiryClaim.Expiry;
import io.locky.internal.lock.TestAttempts;
import io.locky.internal.redis.LockyPartition;
import io.locky.testing.CapturedLog;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ExpiryClaimTests {

	private static final Duration ACK_TIMEOUT = Duration.ofSeconds(30);

	private static final String ALL_BELOW_A_HUNDRED_AND_SIXTY = IntStream.range(0, 160)
		.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
		.toString();

	private static final List<String> STRANGE = List.of("\"", "\\", "\\\"", "a\\\\", "docs/12", "[[\"a\",\"1\"]]",
			"%0A", "line\nfeed", "{braces}:colons", "\uD83D\uDD12 schlüssel", ALL_BELOW_A_HUNDRED_AND_SIXTY);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final TestAttempts attempts = new TestAttempts(this.fixture.scripts(), this.fixture.keys());

	private final ExpiryCommands commands = new ExpiryCommands(this.fixture.keys(), "worker");

	private final LockyPartition partition = this.fixture.keys().partitions().get(0);

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void singleClaimsAreReadAsWritten() {
		STRANGE.forEach((name) -> expire(name, "by " + name));
		assertThat(claim(100, List.of())).hasSameSizeAs(STRANGE)
			.flatExtracting(ExpiryClaim::expiries)
			.allSatisfy(ExpiryClaimTests::assertIsOfNow)
			.allSatisfy((expiry) -> assertThat(expiry.locker()).isEqualTo("by " + expiry.resource()))
			.extracting(Expiry::resource)
			.containsExactlyInAnyOrderElementsOf(STRANGE);
	}

	@Test
	void groupClaimsAreReadAsWritten() {
		STRANGE.forEach((name) -> expire(name, "by " + name));
		IntStream.range(0, 109).forEach((i) -> expire("article:" + i, "by article:" + i));
		List<ExpiryClaim> claims = claim(500, List.of());
		assertThat(claims).extracting((claim) -> claim.expiries().size()).containsExactly(50, 50, 20);
		assertThat(claims).flatExtracting(ExpiryClaim::expiries)
			.allSatisfy(ExpiryClaimTests::assertIsOfNow)
			.allSatisfy((expiry) -> assertThat(expiry.locker()).isEqualTo("by " + expiry.resource()))
			.extracting(Expiry::resource)
			.contains(STRANGE.toArray(String[]::new))
			.doesNotHaveDuplicates()
			.hasSize(120);
	}

	@Test
	void expiryFoundByTheNextLockerIsReadAsWritten() {
		for (String name : STRANGE) {
			expire(name, "by " + name);
			assertThat(this.attempts.acquire(name, "next", ACK_TIMEOUT)).singleElement()
				.satisfies((claim) -> assertThat(claim.expiries()).singleElement()
					.returns(name, Expiry::resource)
					.returns("by " + name, Expiry::locker));
		}
	}

	@Test
	void publishedClaimIsAcknowledgedByTheNextClaim() {
		expire("x", "ann");
		List<ExpiryClaim> first = claim(10, List.of());
		expire("y", "bob");
		assertThat(claim(10, first)).flatExtracting(ExpiryClaim::expiries)
			.extracting(Expiry::resource)
			.containsExactly("y");
		assertThat(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "unacked")).isEqualTo(1);
	}

	@Test
	void lockWithEvictedRecordDoesNotBlockTheOthers() {
		IntStream.range(0, 60).forEach((i) -> expire("article:" + i, "ann"));
		this.fixture.redis().opsForHash().delete(this.fixture.prefix() + "records", "article:0", "article:59");
		assertThat(claim(500, List.of())).flatExtracting(ExpiryClaim::expiries)
			.extracting(Expiry::resource)
			.hasSize(58)
			.doesNotContain("article:0", "article:59");
		assertThat(this.fixture.redis().hasKey(this.fixture.prefix() + "deadlines")).isFalse();
	}

	@Test
	void unreadableRecordsStayAndDoNotBlockTheOthers() {
		IntStream.range(0, 60).forEach((i) -> expire("spoiled:" + i, "ann"));
		List<String> spoiled = List.of("garbage", "12", "2[\"ann\",\"7\"]", "[\"ann\"]", "[\"ann\",7,");
		IntStream.range(0, 60).forEach((i) -> record("spoiled:" + i, spoiled.get(i % spoiled.size())));
		IntStream.range(0, 3).forEach((i) -> expire("article:" + i, "ann"));
		assertThat(resources(claim(20, List.of()))).isEmpty();
		assertThat(resources(claim(500, List.of()))).containsExactly("article:0", "article:1", "article:2");
		assertThat(this.fixture.redis().opsForHash().size(this.fixture.prefix() + "records")).isEqualTo(60);
		assertThat(peek()).isBetween(1L, 1001L);
		record("spoiled:0", "[\"ann\",\"7\"]");
		await().until(() -> peek() == 0);
		assertThat(resources(claim(500, List.of()))).containsExactly("spoiled:0");
	}

	@Test
	void unreadableClaimsStayAndDoNotBlockTheOthers() {
		List<String> unreadable = List.of("garbage", "12", "[[]]", "[[\"a\",\"b\"],[\"c\"],[\"d\"]]", "[\"a",
				"2[[\"a\",\"1\"],[\"c\"],[\"7\"]]", "[[\"a\",\"1\"],[\"c\"]]", "[[\"a\",\"1\",\"b\"],[\"c\"],[\"7\"]]");
		unreadable.forEach((text) -> unacked(text, 1));
		IntStream.range(0, 1500).forEach((i) -> unacked("3[" + i, 2));
		unacked("[[\"late\",\"1718000000000\"],[\"ann\"],[\"7\"]]", 3);
		expire("x", "ann");
		List<ExpiryClaim> claims = claim(100, List.of());
		assertThat(resources(claims)).containsExactly("late", "x");
		assertThat(claim(100, claims)).isEmpty();
		assertThat(this.fixture.redis().opsForZSet().range(this.fixture.prefix() + "unacked", 0, -1)).hasSize(1508)
			.containsAll(unreadable);
		assertThat(peek()).isPositive();
	}

	@Test
	void unreadableEntryIsReportedOnceByItsKeyAndText() {
		try (CapturedLog log = new CapturedLog()) {
			unacked("2[[\"a\",\"1\"]]", 1);
			expire("x", "ann");
			record("x", "garbage");
			claim(100, List.of());
			unacked("2[[\"b\",\"1\"]]", 1);
			claim(100, List.of());
			assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.contains(this.fixture.prefix() + "unacked", "2[[\"a\",\"1\"]]");
		}
	}

	@Test
	void fieldsOfLaterVersionsAreIgnored() {
		unacked("[[\"a\",\"1\",\"b\",\"2\"],[\"ann\",\"bob\"],[\"7\",\"8\"],\"one\",[\"two\",\"three\"],4]", 1);
		assertThat(claim(100, List.of())).singleElement()
			.satisfies((claim) -> assertThat(claim.expiries()).containsExactly(
					new Expiry("a", "ann", 7, Instant.ofEpochMilli(1)),
					new Expiry("b", "bob", 8, Instant.ofEpochMilli(2))));
	}

	@Test
	void unacknowledgedClaimsReturnInTheRequestedNumber() {
		IntStream.range(0, 210).forEach((i) -> expire("article:" + i, "ann"));
		assertThat(claim(500, List.of(), Duration.ofMillis(1))).hasSize(5);
		await().until(() -> peek() == 0);
		assertThat(claim(100, List.of())).flatExtracting(ExpiryClaim::expiries).hasSize(100);
		assertThat(claim(500, List.of())).flatExtracting(ExpiryClaim::expiries).hasSize(110);
	}

	private static void assertIsOfNow(Expiry expiry) {
		assertThat(expiry.fence()).isPositive();
		assertThat(expiry.deadline()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
	}

	private static List<String> resources(List<ExpiryClaim> claims) {
		return TestClaims.resources(claims);
	}

	private void record(String resource, String text) {
		this.fixture.redis().opsForHash().put(this.fixture.prefix() + "records", resource, text);
	}

	private void unacked(String claim, long retry) {
		this.fixture.redis().opsForZSet().add(this.fixture.prefix() + "unacked", claim, retry);
	}

	private long peek() {
		return this.fixture.scripts().run(ExpiryCommands.peek(this.partition));
	}

	private List<ExpiryClaim> claim(int most, List<ExpiryClaim> published) {
		return claim(most, published, ACK_TIMEOUT);
	}

	private List<ExpiryClaim> claim(int most, List<ExpiryClaim> published, Duration ackTimeout) {
		return this.fixture.scripts()
			.run(this.commands.claim(this.partition, most, published, ackTimeout, false))
			.claims();
	}

	/** By the script alone: other clients have no rules for names. */
	private void expire(String resource, String locker) {
		this.attempts.acquire(resource, locker, Duration.ofMillis(1));
		await().pollInterval(Duration.ofMillis(1)).until(() -> this.attempts.find(List.of(resource)).isEmpty());
	}

}
