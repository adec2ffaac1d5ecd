package io.locky.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import io.locky.testing.TestRedis;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Subscribes to each reactive operation in a thread that must not block, and prints the
 * calls that block there, or in a thread of Lettuce. It is a program of its own, because
 * BlockHound changes classes of the JDK.
 */
final class ReactiveBlockingProbe {

	/** Before the name of an operation and the call that blocked. */
	static final String BLOCKED = "BLOCKED ";

	/** Before the name of an operation that has ended. */
	static final String ENDED = "ENDED ";

	/** The operation that shall be found. */
	static final String BLOCKING = "the blocking template";

	private static final Duration TTL = Duration.ofMinutes(1);

	private static final Duration WAIT = Duration.ofSeconds(10);

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final Queue<String> blocked = new ConcurrentLinkedQueue<>();

	private final int port;

	private int instances;

	private volatile String current = "none";

	private ReactiveBlockingProbe(int port) {
		this.port = port;
	}

	/**
	 * Runs the operations.
	 * @param arguments the port of a Redis of its own
	 */
	public static void main(String[] arguments) {
		ReactiveBlockingProbe probe = new ReactiveBlockingProbe(Integer.parseInt(arguments[0]));
		BlockHound.install((builder) -> builder
			.blockingMethodCallback((method) -> probe.blocks(method.toString(), new Throwable().getStackTrace())));
		try {
			operations().forEach(probe::run);
			System.exit(0);
		}
		catch (RuntimeException ex) {
			ex.printStackTrace();
			// Threads of the driver may still run.
			System.exit(1);
		}
	}

	private void blocks(String method, StackTraceElement[] stack) {
		String calls = Stream.of(stack)
			.filter((frame) -> !frame.getClassName().startsWith("reactor."))
			.limit(40)
			.map(StackTraceElement::toString)
			.collect(Collectors.joining(" < "));
		this.blocked.add("%s: %s in %s: %s".formatted(this.current, method, Thread.currentThread().getName(), calls));
	}

	/** First on a connection that is not open yet and a Redis without scripts. */
	private void run(String name, Function<Locks, Mono<?>> operation) {
		LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", this.port, Duration.ofSeconds(10));
		flushScripts();
		for (String prefix : List.of("fresh-" + this.instances, "open-" + this.instances)) {
			LockySettings settings = LockySettings.builder()
				.prefix(prefix + ":")
				.ttl(TTL)
				.expiration(false)
				.startupCheck(false)
				.build();
			LockyTemplate template = new LockyTemplate(new StringRedisTemplate(connections), settings, (event) -> {
			});
			Locks locks = new Locks(new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(connections), template),
					template);
			this.current = name;
			Mono.defer(() -> operation.apply(locks)).subscribeOn(Schedulers.parallel()).block(LIMIT);
			this.current = "after " + name;
			template.close();
		}
		this.instances++;
		connections.destroy();
		this.blocked.forEach((call) -> System.out.println(BLOCKED + call));
		this.blocked.clear();
		System.out.println(ENDED + name);
	}

	private void flushScripts() {
		LettuceConnectionFactory admin = TestRedis.connect("127.0.0.1", this.port, Duration.ofSeconds(10));
		try (RedisConnection connection = admin.getConnection()) {
			connection.scriptingCommands().scriptFlush();
		}
		admin.destroy();
	}

	private static Map<String, Function<Locks, Mono<?>>> operations() {
		Map<String, Function<Locks, Mono<?>>> all = new LinkedHashMap<>();
		all.put(BLOCKING, (locks) -> Mono.fromCallable(() -> locks.blocking().lock("x", "ann")));
		addAcquisitions(all);
		addChanges(all);
		addLooks(all);
		addHandles(all);
		return all;
	}

	private static void addAcquisitions(Map<String, Function<Locks, Mono<?>>> all) {
		LockRequest ann = LockRequest.of("x").by("ann");
		LockRequest bob = LockRequest.of("x").by("bob");
		all.put("lock", (locks) -> locks.operations().lock("x", "ann"));
		all.put("lock by a request", (locks) -> locks.operations().lock(ann.note("note").maxHold(TTL)));
		all.put("lock by force", (locks) -> held(locks).then(locks.operations().lock(bob.force())));
		all.put("lock that is denied", (locks) -> held(locks).then(locks.operations().lock(bob)));
		all.put("tryLock", (locks) -> locks.operations().tryLock(ann));
		all.put("tryLock that is denied", (locks) -> held(locks).then(locks.operations().tryLock(bob)));
		all.put("tryLock that waits in vain",
				(locks) -> held(locks).then(locks.operations().tryLock(bob.waitUpTo(Duration.ofMillis(50)))));
		all.put("tryLock that waits and is served",
				(locks) -> held(locks).then(Mono.zip(locks.operations().tryLock(bob.waitUpTo(WAIT)),
						Mono.delay(Duration.ofMillis(200)).then(locks.operations().unlock("x", "ann")))));
		all.put("tryLock that waits and is cancelled", (locks) -> held(locks)
			.then(locks.operations().tryLock(bob.waitUpTo(WAIT)).take(Duration.ofMillis(200))));
		all.put("lockAll", (locks) -> locks.operations().lockAll(List.of("x", "y", "z"), "ann"));
		all.put("lockAll that is denied",
				(locks) -> held(locks).then(locks.operations().lockAll(List.of("w", "x"), "bob")));
	}

	private static void addChanges(Map<String, Function<Locks, Mono<?>>> all) {
		all.put("refresh", (locks) -> held(locks).then(locks.operations().refresh("x")));
		all.put("refresh by locker", (locks) -> held(locks).then(locks.operations().refresh("x", "ann")));
		all.put("tryRefresh", (locks) -> locks.operations().tryRefresh("x", "ann", 7));
		all.put("tryRefresh of an idle holder", (locks) -> locks.operations().tryRefresh("x", "ann", 7, TTL));
		all.put("unlock", (locks) -> held(locks).then(locks.operations().unlock("x")));
		all.put("unlock by locker", (locks) -> held(locks).then(locks.operations().unlock("x", "ann")));
		all.put("unlock of a grant", (locks) -> locks.operations().unlock("x", "ann", 7));
		all.put("unlockAll", (locks) -> held(locks).then(locks.operations().unlockAll("ann")));
	}

	private static void addLooks(Map<String, Function<Locks, Mono<?>>> all) {
		all.put("getLocker", (locks) -> locks.operations().getLocker("x"));
		all.put("find", (locks) -> locks.operations().find("x"));
		all.put("findAll", (locks) -> locks.operations().findAll(List.of("x", "y")));
		all.put("list", (locks) -> locks.operations().list(LockQuery.all()));
		all.put("getLocker of a held lock", (locks) -> held(locks).then(locks.operations().getLocker("x")));
		all.put("find of a held lock", (locks) -> held(locks).then(locks.operations().find("x")));
		all.put("list with a held lock", (locks) -> held(locks).then(locks.operations().list(LockQuery.all())));
	}

	private static void addHandles(Map<String, Function<Locks, Mono<?>>> all) {
		LockRequest ann = LockRequest.of("x").by("ann");
		all.put("handle.refresh", (locks) -> handle(locks, ann).flatMap(ReactiveLockHandle::refresh));
		all.put("handle.release", (locks) -> handle(locks, ann).flatMap(ReactiveLockHandle::release));
		all.put("handle.close", (locks) -> handle(locks, ann).flatMap(ReactiveLockHandle::close));
		all.put("handle.close with renewal",
				(locks) -> handle(locks, ann.autoRenew()).flatMap(ReactiveLockHandle::close));
		all.put("handle.isValid", (locks) -> handle(locks, ann).map(ReactiveLockHandle::isValid));
		all.put("handle.refresh of a lost lock", (locks) -> handle(locks, ann)
			.flatMap((handle) -> next(locks.operations().unlock("x")).then(handle.refresh())));
		all.put("handle.release of a lost lock", (locks) -> handle(locks, ann)
			.flatMap((handle) -> next(locks.operations().unlock("x")).then(handle.release())));
	}

	private static Mono<Boolean> held(Locks locks) {
		return next(locks.operations().lock("x", "ann"));
	}

	private static Mono<ReactiveLockHandle> handle(Locks locks, LockRequest request) {
		return next(locks.operations().tryLock(request).cast(ReactiveLockAttempt.Acquired.class))
			.map(ReactiveLockAttempt.Acquired::handle);
	}

	/** What follows is in a thread that must not block. */
	private static <T> Mono<T> next(Mono<T> operation) {
		return operation.publishOn(Schedulers.parallel());
	}

	private record Locks(ReactiveLockyOperations operations, LockyTemplate blocking) {

	}

}
