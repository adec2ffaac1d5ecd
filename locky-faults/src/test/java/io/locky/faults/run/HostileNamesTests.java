package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import io.locky.InvalidLockValueException;
import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Random names and notes. Bodies of HTTP requests are those of {@code FuzzContract}, in
 * the module of the auto-configuration.
 */
class HostileNamesTests {

	private static final String[] PIECES = { "lock:", App.PREFIX, "records", "deadlines", "unacked", "fence", "{", "}",
			"{17}", ":", "*", "[", "?", "\\", "\"", "'", "%d", "%s", "\u00e4", "\u2028", "\ud83d\ude00", "\ud83d",
			"\ude00", "\u0000", "\n", "\r\n", "\t", "\u007f", "\u0085", "\u200b", "\ufeff", "\uffff", " ", "\u3000",
			"null", "0", "-1", "1e309", "<script>", "../", "]]", "redis.call('FLUSHALL')", "\u202e", "\u0301" };

	@Test
	void someNames() {
		Report.quick(names(500));
	}

	@Test
	@Tag("faults")
	void manyNames() {
		Report.full(names(10_000));
	}

	private Row names(int count) {
		long seed = Seeds.next();
		Random random = new Random(seed);
		List<String> violations = new ArrayList<>();
		try (LockRedis redis = LockRedis.start()) {
			LettuceConnectionFactory connections = Connections.to(redis.address(), Duration.ofSeconds(5));
			connections.afterPropertiesSet();
			connections.start();
			int refused = 0;
			try (LockyTemplate locks = new LockyTemplate(new StringRedisTemplate(connections),
					LockySettings.builder().prefix(App.PREFIX).broadcast(true).startupCheck(false).build(), (event) -> {
					})) {
				locks.start();
				for (int i = 0; i < count; i++) {
					refused += isRefused(locks, text(random), text(random), text(random), violations) ? 1 : 0;
				}
			}
			finally {
				connections.destroy();
			}
			redis.commands()
				.keys("*")
				.stream()
				.filter((key) -> !key.startsWith(App.PREFIX))
				.forEach((key) -> violations.add("a key outside of the prefix: " + key));
			return new Row("%s random names and notes".formatted(Row.grouped(count)),
					"the right lock or a clear refusal; no key outside of the prefix", count, count, seed, violations,
					"%d refused".formatted(refused));
		}
	}

	private static boolean isRefused(LockyTemplate locks, String resource, String locker, String note,
			List<String> violations) {
		try {
			LockRequest request = LockRequest.of(resource).by(locker).note(note).ttl(Duration.ofMinutes(1)).force();
			String wrong = use(locks, request, note);
			if (wrong != null) {
				violations.add("%s: resource '%s', locker '%s', note '%s'".formatted(wrong, resource, locker, note));
			}
			return false;
		}
		catch (InvalidLockValueException ex) {
			return true;
		}
		catch (RuntimeException ex) {
			violations.add("%s: resource '%s', locker '%s', note '%s'".formatted(ex, resource, locker, note));
			return true;
		}
	}

	private static @Nullable String use(LockyTemplate locks, LockRequest request, String note) {
		if (!(locks.tryLock(request) instanceof LockAttempt.Acquired acquired)) {
			return "denied";
		}
		Optional<LockInfo> found = locks.find(request.resource());
		boolean right = found.isPresent() && found.get().resource().equals(request.resource())
				&& found.get().locker().equals(request.locker()) && found.get().fence() == acquired.handle().fence()
				&& note.equals(found.get().note());
		if (!right) {
			return "found " + found;
		}
		return locks.unlock(request.resource(), request.locker()) ? null : "not released";
	}

	private static String text(Random random) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(6); i >= 0; i--) {
			switch (random.nextInt(10)) {
				case 0 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
				case 1 -> text.append((char) random.nextInt(65536));
				case 2 -> text.append("x".repeat(random.nextInt(300)));
				case 3, 4, 5 -> text.append((char) ('a' + random.nextInt(26)));
				default -> text.append(PIECES[random.nextInt(PIECES.length)]);
			}
		}
		return text.toString();
	}

}
