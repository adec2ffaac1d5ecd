package io.locky.internal.expiration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.Assert;

/**
 * Expiries that this instance has claimed together and must tell: usually one, several
 * where very many locks expire at once.
 *
 * @param name what the claim is called in Redis until it is acknowledged
 * @param expiries the expiries; none if the name cannot be read
 * @since 0.1.0
 */
public record ExpiryClaim(String name, List<Expiry> expiries) {

	private static final Logger logger = LoggerFactory.getLogger(ExpiryClaim.class);

	private static final int FIELDS = 4;

	/**
	 * Reads the names of claims in the answer of a script.
	 * @param names the names
	 * @return the claims, in the order of the names
	 */
	public static List<ExpiryClaim> read(List<Object> names) {
		return names.stream().map((name) -> read((String) name)).toList();
	}

	/**
	 * A name that nobody here wrote must not keep the others from being told.
	 */
	private static ExpiryClaim read(String name) {
		try {
			return new ExpiryClaim(name, parse(JsonTexts.read(name)));
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			logger.warn("A claim on expired locks cannot be read and is dropped: {}", name);
			logger.debug("It is not what a script of this version writes", ex);
			return new ExpiryClaim(name, List.of());
		}
	}

	/**
	 * The name says it all: resources with their deadlines, then the lockers, then the
	 * fences.
	 */
	private static List<Expiry> parse(List<String> texts) {
		Assert.isTrue(!texts.isEmpty() && texts.size() % FIELDS == 0, "Not the texts of expiries");
		int count = texts.size() / FIELDS;
		List<Expiry> expiries = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			expiries
				.add(new Expiry(texts.get(2 * i), texts.get(2 * count + i), Long.parseLong(texts.get(3 * count + i)),
						Instant.ofEpochMilli(Long.parseLong(texts.get(2 * i + 1)))));
		}
		return List.copyOf(expiries);
	}

}
