package io.locky.internal.people;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import io.locky.event.LineChangedEvent;
import io.locky.event.LockOfferedEvent;
import io.locky.event.LockyEvent;
import io.locky.people.LinePlace;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.util.StringUtils;

/**
 * What {@code line.lua} did with one line.
 *
 * @param resource the name of the resource
 * @param now the time of Redis
 * @param length how many are in the line
 * @param offered the locker that is offered the lock from now on, or {@code null}
 * @param offeredUntil the end of that offer
 * @param place the place of the locker, or {@code null} if it has none
 * @param full whether there was no room for the locker
 * @param changed whether the locker has come or gone
 * @param gone the lockers whose places have ended
 */
record LineReply(String resource, Instant now, int length, @Nullable String offered, Instant offeredUntil,
		@Nullable LinePlace place, boolean full, boolean changed, List<String> gone) {

	private static final long FULL = -1;

	private static final long UNREADABLE = -2;

	/**
	 * Reads the reply to a change.
	 * @param resources the names of the resources
	 * @param locker the locker, or empty
	 * @param reply the reply of the script
	 * @return one for each line that can be read
	 */
	static List<LineReply> read(List<String> resources, String locker, List<Object> reply) {
		long now = (Long) reply.get(0);
		List<LineReply> lines = new ArrayList<>(resources.size());
		for (int i = 0; i < resources.size(); i++) {
			List<?> fields = (List<?>) reply.get(1 + i);
			if ((Long) fields.get(3) != UNREADABLE) {
				lines.add(of(resources.get(i), locker, now, fields));
			}
		}
		return lines;
	}

	private static LineReply of(String resource, String locker, long now, List<?> fields) {
		long position = (Long) fields.get(3);
		String offered = (String) fields.get(1);
		LinePlace place = (position > 0) ? place(resource, locker, (int) position, now, fields.subList(4, 7)) : null;
		return new LineReply(resource, Instant.ofEpochMilli(now), Math.toIntExact((Long) fields.get(0)),
				StringUtils.hasLength(offered) ? offered : null, Instant.ofEpochMilli((Long) fields.get(2)), place,
				position == FULL, (Long) fields.get(7) == 1,
				fields.subList(8, fields.size()).stream().map(String.class::cast).toList());
	}

	/**
	 * Reads the reply of {@code places.lua}.
	 * @param resource the name of the resource
	 * @param reply the reply of the script
	 * @return the places in their order
	 */
	static List<LinePlace> places(String resource, List<Object> reply) {
		long now = (Long) reply.get(0);
		if (now == FULL) {
			throw unreadable(resource);
		}
		List<LinePlace> places = new ArrayList<>();
		for (int i = 1; i < reply.size(); i += 4) {
			places.add(place(resource, (String) reply.get(i), places.size() + 1, now, reply.subList(i + 1, i + 4)));
		}
		return places;
	}

	static InvalidDataAccessResourceUsageException unreadable(String resource) {
		return new InvalidDataAccessResourceUsageException(
				"The line for '%s' cannot be read: a later version of Locky wrote it, or it is damaged"
					.formatted(resource));
	}

	private static LinePlace place(String resource, String locker, int position, long now, List<?> fields) {
		Instant since = Instant.EPOCH.plus(Long.parseLong((String) fields.get(0)), ChronoUnit.MICROS);
		long offerEnd = (Long) fields.get(2);
		return new LinePlace(resource, locker, position, since, Duration.ofMillis((Long) fields.get(1) - now),
				(offerEnd > 0) ? Duration.ofMillis(offerEnd - now) : null);
	}

	/**
	 * What happened, to be published.
	 * @param source the object that publishes it
	 * @param locker the locker that came or went, or empty
	 * @param joined whether it came
	 * @return the events in their order
	 */
	List<LockyEvent> events(Object source, String locker, boolean joined) {
		List<LockyEvent> events = new ArrayList<>();
		this.gone.forEach((who) -> events.add(change(source, who, false)));
		if (this.changed) {
			events.add(change(source, locker, joined));
		}
		if (this.offered != null) {
			events.add(new LockOfferedEvent(source, this.resource, this.offered, this.now, this.offeredUntil));
		}
		return events;
	}

	private LockyEvent change(Object source, String who, boolean joined) {
		return new LineChangedEvent(source, this.resource, who, this.now, joined, this.length);
	}

}
