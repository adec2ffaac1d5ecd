package io.locky.internal.expiration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.locky.event.LockExpiredEvent;
import io.locky.internal.redis.JsonTexts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.Assert;

/**
 * Expiries that this instance has claimed together and must publish: usually one, several
 * where very many locks expire at once.
 *
 * @param text the claim as Redis keeps it until it is acknowledged
 * @param expiries the expiries, at least one
 */
public record ExpiryClaim(String text, List<Expiry> expiries) {

	private static final Logger logger = LoggerFactory.getLogger(ExpiryClaim.class);

	private static final int FIELDS = 4;

	/**
	 * Reads the claims in the reply of a script.
	 * @param texts the claims as Redis keeps them
	 * @return the claims, in the same order, without those that cannot be read
	 */
	public static List<ExpiryClaim> read(List<Object> texts) {
		return texts.stream().map((text) -> read((String) text)).flatMap(Optional::stream).toList();
	}

	/**
	 * Reads a claim. One that no script of this version wrote must not block the others:
	 * the scripts keep it in Redis, for an instance that can read it.
	 */
	private static Optional<ExpiryClaim> read(String text) {
		try {
			Assert.isTrue(text.startsWith("["), "Not the first version of the format");
			return Optional.of(new ExpiryClaim(text, parse(JsonTexts.read(text))));
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			logger.debug("A claim cannot be read: {}", text, ex);
			return Optional.empty();
		}
	}

	/**
	 * Reads what {@code claim_text} in {@code prelude.lua} wrote. <pre>
	 * [["article:12","1718000030000","article:13","1718000030001"],   resources, deadlines
	 *  ["20","21"],                                                   lockers
	 *  ["1718000000000000","1718000000000001"]]                       fences
	 * </pre> A later version may add up to three texts at the end.
	 */
	private static List<Expiry> parse(List<String> texts) {
		int count = texts.size() / FIELDS;
		Assert.isTrue(count > 0, "Not the texts of expiries");
		List<Expiry> expiries = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			expiries
				.add(new Expiry(texts.get(2 * i), texts.get(2 * count + i), Long.parseLong(texts.get(3 * count + i)),
						Instant.ofEpochMilli(Long.parseLong(texts.get(2 * i + 1)))));
		}
		return List.copyOf(expiries);
	}

	/**
	 * A lease that ended.
	 *
	 * @param resource the name of the resource
	 * @param locker the last locker
	 * @param fence the fence of the grant that ended
	 * @param deadline when it ended, by the clock of Redis
	 */
	record Expiry(String resource, String locker, long fence, Instant deadline) {

		LockExpiredEvent toEvent(Object source) {
			return new LockExpiredEvent(source, this.resource, this.locker, this.fence, this.deadline);
		}

	}

}
