package io.locky.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Expiries that this instance has claimed together and must tell: usually one, several
 * where very many locks expire at once.
 *
 * @param name what the claim is called in Redis until it is acknowledged
 * @param expiries the expiries, at least one
 * @since 0.1.0
 */
public record ExpiryClaim(String name, List<Expiry> expiries) {

	private static final int FIELDS = 4;

	/**
	 * Reads the names of claims in the answer of a script.
	 * @param names the names
	 * @return the claims, in the order of the names
	 */
	public static List<ExpiryClaim> read(List<Object> names) {
		return names.stream().map((name) -> parse((String) name)).toList();
	}

	/**
	 * The name says it all: resources with their deadlines, then the lockers, then the
	 * fences.
	 */
	private static ExpiryClaim parse(String name) {
		List<String> texts = JsonTexts.read(name);
		int count = texts.size() / FIELDS;
		List<Expiry> expiries = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			expiries
				.add(new Expiry(texts.get(2 * i), texts.get(2 * count + i), Long.parseLong(texts.get(3 * count + i)),
						Instant.ofEpochMilli(Long.parseLong(texts.get(2 * i + 1)))));
		}
		return new ExpiryClaim(name, List.copyOf(expiries));
	}

}
