package io.locky.internal.people;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.locky.LockNames;
import io.locky.event.LockForceReleasedEvent;
import io.locky.internal.redis.JsonTexts;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import io.locky.people.Hold;
import io.locky.people.HoldOutcome;
import io.locky.people.HoldPage;
import io.locky.people.LockHistory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationListener;

/**
 * The history of locks, in Redis. The scripts that end holds write it. They do not know
 * the operators who release locks by force, which the event of such a release names.
 */
final class RedisLockHistory implements LockHistory, ApplicationListener<LockForceReleasedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(RedisLockHistory.class);

	private static final LockyScript<List<Object>> HISTORY = LockyScript.ofList(RedisLockHistory.class, "history");

	private static final LockyScript<Long> FORCE = LockyScript.ofNumber(RedisLockHistory.class, "force");

	private static final int BY = 5;

	private static final int NOTE = 6;

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates it.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 */
	RedisLockHistory(ScriptRunner scripts, LockyKeys keys) {
		this.scripts = scripts;
		this.keys = keys;
	}

	@Override
	public HoldPage history(Object resource, @Nullable Long before, int size) {
		String name = LockNames.resource(resource);
		PageSize.require(size);
		ScriptCall<HoldPage> call = HISTORY.call(List.of(key(name)),
				List.of((before != null) ? "(" + before : "+inf", Integer.toString(size + 1)),
				(reply) -> page(name, reply, size));
		return this.scripts.run(call);
	}

	private String key(String resource) {
		return this.keys.partitionOf(resource).history(resource);
	}

	/** The reply has one hold more than the page if there is a next page. */
	private HoldPage page(String resource, List<Object> reply, int size) {
		List<Hold> holds = new ArrayList<>(size);
		int end = Math.min(2 * size, reply.size());
		for (int i = 0; i < end; i += 2) {
			Hold hold = read(resource, (String) reply.get(i));
			if (hold != null) {
				holds.add(hold);
			}
		}
		return new HoldPage(List.copyOf(holds),
				(reply.size() > end) ? (long) Double.parseDouble((String) reply.get(end - 1)) : null);
	}

	/**
	 * Reads what {@code add_hold} in {@code prelude.lua} wrote. What a later version
	 * wrote in another way is left out.
	 */
	private @Nullable Hold read(String resource, String text) {
		if (JsonTexts.isFirstFormat(text)) {
			try {
				return hold(resource, JsonTexts.read(text));
			}
			catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
				logger.debug("A hold cannot be read: {}", text, ex);
			}
		}
		if (!this.warned.getAndSet(true)) {
			logger.warn("The history of {} has a hold that this version cannot read: {}", resource, text);
		}
		return null;
	}

	private static Hold hold(String resource, List<String> texts) {
		return new Hold(resource, texts.get(0), Long.parseLong(texts.get(1)), instant(texts.get(2)),
				instant(texts.get(3)), HoldOutcome.valueOf(texts.get(4)), (texts.size() > BY) ? texts.get(BY) : null,
				(texts.size() > NOTE) ? texts.get(NOTE) : null);
	}

	private static Instant instant(String millis) {
		return Instant.ofEpochMilli(Long.parseLong(millis));
	}

	@Override
	public void onApplicationEvent(LockForceReleasedEvent event) {
		try {
			this.scripts.run(FORCE.call(List.of(key(event.getResource())),
					List.of(Long.toString(event.getFence()), event.getOperator()), (count) -> count));
		}
		catch (RuntimeException ex) {
			logger.warn("The history does not show that {} has released {}: {}", event.getOperator(),
					event.getResource(), ex.getMessage());
			logger.debug("It could not be written", ex);
		}
	}

}
