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
	 * Claims an expiry by itself.
	 * @param expiry the expiry
	 * @return the claim
	 */
	public static ExpiryClaim single(Expiry expiry) {
		return new ExpiryClaim(expiry.name(), List.of(expiry));
	}

	static List<ExpiryClaim> read(List<Object> names) {
		return names.stream().map((name) -> parse((String) name)).toList();
	}

	private static ExpiryClaim parse(String name) {
		String[] fields = name.split("\n", -1);
		if (fields.length == FIELDS) {
			return single(expiry(name, fields, 0));
		}
		List<Expiry> expiries = new ArrayList<>(fields.length / FIELDS);
		for (int i = 0; i < fields.length; i += FIELDS) {
			String own = String.join("\n", fields[i], fields[i + 1], fields[i + 2], fields[i + 3]);
			expiries.add(expiry(own, fields, i));
		}
		return new ExpiryClaim(name, List.copyOf(expiries));
	}

	private static Expiry expiry(String name, String[] fields, int first) {
		return new Expiry(name, Replies.unescaped(fields[first]), Replies.unescaped(fields[first + 1]),
				Long.parseLong(fields[first + 2]), Instant.ofEpochMilli(Long.parseLong(fields[first + 3])));
	}

}
