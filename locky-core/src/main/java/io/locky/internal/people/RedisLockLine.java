package io.locky.internal.people;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.locky.LockNames;
import io.locky.PeopleSettings;
import io.locky.event.LockyEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.ScriptValues;
import io.locky.people.LineFullException;
import io.locky.people.LinePlace;
import io.locky.people.LockLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of people, in Redis.
 */
final class RedisLockLine implements LockLine, FairLine, AutoCloseable {

	/** Places of one line. */
	static final int MOST = 500;

	private static final Logger logger = LoggerFactory.getLogger(RedisLockLine.class);

	private static final LockyScript<List<Object>> LINE = LockyScript.ofList(RedisLockLine.class, "line");

	private static final LockyScript<List<Object>> PLACES = LockyScript.ofList(RedisLockLine.class, "places");

	private static final int REFRESHES_PER_LEASE = 3;

	/** Lines that are looked at with one command. */
	private static final int BATCH = 100;

	private final LineOffers offers = new LineOffers(this::advance);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyEventPublisher events;

	private final PeopleSettings.Line settings;

	/**
	 * Creates it.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 * @param events publishes events
	 * @param settings how people wait
	 */
	RedisLockLine(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events, PeopleSettings.Line settings) {
		this.scripts = scripts;
		this.keys = keys;
		this.events = events;
		this.settings = settings;
		events.addFirst(this.offers::on);
	}

	@Override
	public LinePlace join(Object resource, Object locker) {
		return join(LockNames.resource(resource), LockNames.locker(locker), "");
	}

	@Override
	public LinePlace join(String resource, String locker, String waiter) {
		LineReply reply = change(Wish.JOIN, resource, locker, waiter);
		if (reply.full()) {
			throw new LineFullException(reply.resource(), MOST);
		}
		return Objects.requireNonNull(reply.place());
	}

	@Override
	public Optional<LinePlace> refresh(Object resource, Object locker) {
		return Optional
			.ofNullable(change(Wish.REFRESH, LockNames.resource(resource), LockNames.locker(locker), "").place());
	}

	@Override
	public boolean leave(Object resource, Object locker) {
		return change(Wish.LEAVE, LockNames.resource(resource), LockNames.locker(locker), "").changed();
	}

	@Override
	public void leaveLater(String resource, String locker, String waiter) {
		this.offers.run(() -> change(Wish.LEAVE, resource, locker, waiter));
	}

	@Override
	public Duration interval() {
		Duration offer = this.settings.offer();
		Duration placeTtl = this.settings.placeTtl();
		return ((offer.compareTo(placeTtl) < 0) ? offer : placeTtl).dividedBy(REFRESHES_PER_LEASE);
	}

	@Override
	public List<LinePlace> places(Object resource) {
		String name = LockNames.resource(resource);
		LockyPartition partition = this.keys.partitionOf(name);
		return this.scripts.run(PLACES.call(List.of(partition.lock(name), partition.line(name)), List.of(),
				(reply) -> LineReply.places(name, reply)));
	}

	private LineReply change(Wish wish, String resource, String locker, String waiter) {
		List<LineReply> replies = this.scripts.run(call(wish, List.of(resource), locker, waiter));
		if (replies.isEmpty()) {
			throw LineReply.unreadable(resource);
		}
		publish(replies.get(0).events(this, locker, wish == Wish.JOIN));
		return replies.get(0);
	}

	/** What fails is done by the next refresh of a place. */
	private void advance(List<String> resources) {
		for (List<String> part : this.keys.byPartition(resources)) {
			for (int first = 0; first < part.size(); first += BATCH) {
				List<String> batch = part.subList(first, Math.min(first + BATCH, part.size()));
				try {
					this.scripts.run(call(Wish.ADVANCE, batch, "", ""))
						.forEach((reply) -> publish(reply.events(this, "", false)));
				}
				catch (RuntimeException ex) {
					logger.debug("Redis did not answer who is next in line for {}", batch, ex);
				}
			}
		}
	}

	private void publish(List<LockyEvent> happened) {
		happened.forEach(this.events::publish);
	}

	private ScriptCall<List<LineReply>> call(Wish wish, List<String> resources, String locker, String waiter) {
		LockyPartition partition = this.keys.partitionOf(resources.get(0));
		List<String> names = new ArrayList<>(List.of(partition.waiting(), partition.log()));
		resources.forEach((resource) -> names.addAll(List.of(partition.lock(resource), partition.line(resource))));
		LockyKeys.EventLog log = this.keys.eventLog();
		List<String> arguments = new ArrayList<>(List.of(this.keys.signals(), log.origin(),
				Integer.toString(log.length()), wish.text, locker, ScriptValues.millis(this.settings.placeTtl()),
				ScriptValues.millis(this.settings.offer()), Integer.toString(MOST), waiter));
		arguments.addAll(resources);
		return LINE.call(names, arguments, (reply) -> LineReply.read(resources, locker, reply));
	}

	@Override
	public void close() {
		this.offers.close();
	}

	/**
	 * What a locker does. The script reads the text.
	 */
	private enum Wish {

		/** It comes, or stays. */
		JOIN("join"),

		/** It stays if it is there. */
		REFRESH("refresh"),

		/** It goes. */
		LEAVE("leave"),

		/** There is no locker: the lock is offered if it is free. */
		ADVANCE("advance");

		private final String text;

		Wish(String text) {
			this.text = text;
		}

	}

}
