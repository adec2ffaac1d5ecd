package io.locky.internal.people;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.locky.InvalidLockValueException;
import io.locky.LockNames;
import io.locky.event.PresenceChangedEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.RedisErrors;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.ScriptValues;
import io.locky.people.LockPresence;
import io.locky.people.Presence;
import io.locky.people.PresenceState;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Who is looking at resources, in Redis: a hash for each resource, which expires with the
 * last lease in it.
 */
final class RedisLockPresence implements LockPresence {

	static final Duration LEASE = Duration.ofSeconds(30);

	static final int MOST_ENTRIES = 200;

	static final int MOST_PAGES = 10;

	private static final Pattern PAGE = Pattern.compile("[A-Za-z0-9_-]{0,64}");

	private static final Comparator<Presence> ORDER = Comparator.comparing(Presence::state)
		.thenComparing(Presence::since)
		.thenComparing(Presence::person);

	private static final LockyScript<List<Object>> SCRIPT = LockyScript.ofList(RedisLockPresence.class, "presence");

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyEventPublisher events;

	/**
	 * Creates it.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 * @param events publishes events
	 */
	RedisLockPresence(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events) {
		this.scripts = scripts;
		this.keys = keys;
		this.events = events;
	}

	@Override
	public List<Presence> enter(Object resource, Object person, String page, PresenceState state) {
		Assert.notNull(state, "'state' must not be null");
		return change(LockNames.resource(resource), LockNames.locker(person), page, text(state)).people();
	}

	@Override
	public boolean leave(Object resource, Object person, String page) {
		return change(LockNames.resource(resource), LockNames.locker(person), page, "").wasThere();
	}

	@Override
	public List<Presence> present(Object resource) {
		String name = LockNames.resource(resource);
		Reply reply = this.scripts.run(call(name, "", "", ""));
		publish(name, reply.changes());
		return reply.people();
	}

	private Reply change(String resource, String person, String page, String state) {
		if (page == null || !PAGE.matcher(page).matches()) {
			throw new InvalidLockValueException("'page' must have at most 64 letters, digits, '-' and '_'");
		}
		ScriptCall<Reply> call = call(resource, person, page, state);
		Reply reply;
		try {
			reply = this.scripts.runOnce(call);
		}
		catch (RuntimeException ex) {
			if (!RedisErrors.isUnanswered(ex)) {
				throw ex;
			}
			reply = this.scripts.run(call).afterLostReply(person);
		}
		publish(resource, reply.changes());
		return reply;
	}

	private void publish(String resource, List<Change> changes) {
		changes.forEach((change) -> this.events
			.publish(new PresenceChangedEvent(this, resource, change.person(), change.at(), change.state(), null)));
	}

	private ScriptCall<Reply> call(String resource, String person, String page, String state) {
		LockyPartition partition = this.keys.partitionOf(resource);
		LockyKeys.EventLog log = this.keys.eventLog();
		List<String> names = log.isKept() ? List.of(partition.presence(resource), partition.log())
				: List.of(partition.presence(resource));
		List<String> arguments = List.of(resource, person, page, state, ScriptValues.millis(LEASE),
				Integer.toString(MOST_ENTRIES), Integer.toString(MOST_PAGES), this.keys.signals(), log.origin(),
				Integer.toString(log.length()));
		return SCRIPT.call(names, arguments, (reply) -> Reply.of(resource, reply));
	}

	private static String text(PresenceState state) {
		return state.name().toLowerCase(Locale.ROOT);
	}

	private static @Nullable PresenceState state(Object value) {
		String text = ScriptValues.text(value);
		return (text != null) ? PresenceState.valueOf(text.toUpperCase(Locale.ROOT)) : null;
	}

	/**
	 * A change of what others see of a person.
	 *
	 * @param person the person
	 * @param state the state, or {@code null} if the person left
	 * @param at when it changed
	 */
	private record Change(String person, @Nullable PresenceState state, Instant at) {

	}

	/**
	 * The answer of the script.
	 *
	 * @param now the time of the answer
	 * @param wasThere whether the page was there before
	 * @param changes what changed for others
	 * @param people who is there now
	 */
	private record Reply(Instant now, boolean wasThere, List<Change> changes, List<Presence> people) {

		static Reply of(String resource, List<Object> reply) {
			Instant now = time(reply.get(0));
			int changed = 3 + 3 * ((Long) reply.get(2)).intValue();
			List<Change> changes = new ArrayList<>();
			for (int i = 3; i < changed; i += 3) {
				changes.add(new Change((String) reply.get(i), state(reply.get(i + 1)), time(reply.get(i + 2))));
			}
			List<Presence> people = new ArrayList<>();
			for (int i = changed; i < reply.size(); i += 4) {
				PresenceState state = state(reply.get(i + 1));
				Assert.state(state != null, "A person who is there has a state");
				people.add(new Presence(resource, (String) reply.get(i), state, time(reply.get(i + 2)),
						Duration.between(now, time(reply.get(i + 3)))));
			}
			people.sort(ORDER);
			return new Reply(now, !"".equals(reply.get(1)), changes, List.copyOf(people));
		}

		/**
		 * The call has run once or twice. What the first one may have changed is
		 * published now, and once too often if it changed nothing.
		 */
		Reply afterLostReply(String person) {
			if (this.changes.stream().anyMatch((change) -> change.person().equals(person))) {
				return this;
			}
			PresenceState state = this.people.stream()
				.filter((present) -> present.person().equals(person))
				.map(Presence::state)
				.findFirst()
				.orElse(null);
			List<Change> all = new ArrayList<>(this.changes);
			all.add(new Change(person, state, this.now));
			return new Reply(this.now, true, all, this.people);
		}

		private static Instant time(Object millis) {
			return Instant.ofEpochMilli((Long) millis);
		}

	}

}
