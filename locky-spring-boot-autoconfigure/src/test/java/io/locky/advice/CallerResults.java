package io.locky.advice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.locky.LockRequest;
import io.locky.LockyOperations;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.ApplicationContext;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;

/**
 * Calls the methods of {@link CallerDesk}, and finds what their callers get, and how many
 * locks were acquired for it.
 */
final class CallerResults {

	private static final String NAME = "desk";

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final ApplicationContext context;

	private final CallerDesk desk;

	private final SuspendingCalls suspending;

	private final LockyOperations locks;

	private final Trace trace;

	private final List<String> rows = new ArrayList<>();

	CallerResults(ApplicationContext context) {
		this.context = context;
		this.desk = context.getBean(CallerDesk.class);
		this.suspending = new SuspendingCalls(context.getBean(SuspendingDesk.class), NAME);
		this.locks = context.getBean(LockyOperations.class);
		this.trace = context.getBean(Trace.class);
	}

	List<String> rows() {
		this.rows.clear();
		denied();
		secured();
		invalid();
		proxies();
		ends();
		return List.copyOf(this.rows);
	}

	private void denied() {
		whileLocked("`THROW`, a value", () -> this.desk.edit(NAME));
		whileLocked("`THROW`, a future", () -> this.desk.future(NAME));
		whileLocked("`THROW`, a `Mono`", () -> this.desk.mono(NAME));
		whileLocked("`SKIP`, a value", () -> this.desk.skipped(NAME));
		whileLocked("`SKIP`, `OptionalInt`", () -> this.desk.skippedInt(NAME));
		whileLocked("`SKIP`, a future", () -> this.desk.skippedFuture(NAME));
		whileLocked("`SKIP`, a `Flux`", () -> this.desk.skippedFlux(NAME));
		whileLocked("`FALLBACK`, a value", () -> this.desk.replaced(NAME));
		whileLocked("`FALLBACK`, a `Mono`", () -> this.desk.replacedMono(NAME));
		this.suspending.denied().forEach((what, call) -> whileLocked(what, call::get));
	}

	private void secured() {
		add("`@PreAuthorize` on a `Mono`, no right", () -> as("READER", this.desk.secured(NAME)));
		add("`@PreAuthorize` on a `Flux`, no right", () -> as("READER", this.desk.securedFlux(NAME).next()));
		whileLocked("`@PreAuthorize` on a `Mono`, no right", () -> as("READER", this.desk.secured(NAME)));
		whileLocked("`@RequiresLock`, `@PreAuthorize`, no right", () -> as("READER", this.desk.securedSave(NAME)));
		add("`@PreAuthorize` on a `Mono`, the right", () -> as("CHIEF", this.desk.secured(NAME)));
	}

	private static Mono<?> as(String role, Mono<?> call) {
		return call.contextWrite(ReactiveSecurityContextHolder
			.withAuthentication(new TestingAuthenticationToken("eve", "secret", "ROLE_" + role)));
	}

	@SuppressWarnings("NullAway" /* The mistake is meant. */)
	private void invalid() {
		add("`@Validated`, invalid argument", () -> this.desk.validated(" "));
		add("name is `null`", () -> this.desk.edit(null));
		add("name is blank", () -> this.desk.edit(" "));
		add("name has 513 characters", () -> this.desk.edit("x".repeat(513)));
		add("name has a line break", () -> this.desk.edit("a\nb"));
		add("name is blank, a `Mono`", () -> this.desk.mono(" "));
		add("`@RequiresLock`, the fence is `abc`", () -> this.desk.save(NAME, "abc"));
		this.suspending.others().forEach((what, call) -> add(what, call::get));
	}

	private void proxies() {
		CallerDesk.Scoped scoped = this.context.getBean("scopedDesk", CallerDesk.Scoped.class);
		add("scoped bean, `@Locked` with `@RequiresLock`", () -> scoped.edit(NAME));
		add("scoped bean, `@RequiresLock`, lock is free", () -> scoped.save(NAME));
		whileLocked("scoped bean, `@RequiresLock` by the holder", () -> scoped.save(NAME));
		CallerDesk.AsAWhole whole = this.context.getBean(CallerDesk.AsAWhole.class);
		add("annotation of the class, its method", whole::own);
		add("annotation of the class, inherited method", () -> whole.inherited("x"));
		add("annotation of the class, default method", whole::ofInterface);
	}

	private void ends() {
		add("failed stage, then again", () -> {
			outcome(() -> this.desk.failedStage(NAME));
			return this.desk.edit(NAME);
		});
		add("`maxHold` is over, a future", () -> endless(this.desk.endless(NAME, new CompletableFuture<>())));
		CompletableFuture<String> work = new CompletableFuture<>();
		add("`maxHold` is over, then the work ends", () -> {
			CompletableFuture<String> result = this.desk.endless(NAME, work);
			endless(result);
			work.complete("late");
			return result;
		});
		add("`maxHold` is over, a `Mono`",
				() -> endless(this.desk.endlessMono(NAME, new CompletableFuture<>()).toFuture()));
		add("40 subscriptions wait", this::waiting);
		add("two calls wait for each other", this::deadlock);
		add("lock is taken over before the start", () -> {
			this.trace.onNextLock(this::takeOver);
			return this.desk.edit(NAME);
		});
		this.locks.unlock(NAME);
		add("lock is taken over meanwhile", () -> {
			this.desk.editAround(NAME, this::takeOver);
			return "ran";
		});
		this.locks.unlock(NAME);
		add("the `LockerResolver` returns an empty name", () -> {
			this.context.getBean(HeldApplication.Lockers.class).current = "";
			StringBuilder locker = new StringBuilder();
			this.desk.editAround(NAME, () -> locker.append(this.locks.getLocker(NAME)));
			return locker.toString().startsWith("CallerDesk.editAround/") ? "locker is unique" : locker;
		});
	}

	private void takeOver() {
		this.locks.lock(LockRequest.of(NAME).by("thief").force());
	}

	private String endless(CompletableFuture<String> result) {
		Awaitility.await().atMost(TIMEOUT).until(() -> this.locks.getLocker(NAME) == null);
		return result.isDone() ? "done" : "lock is free, work goes on";
	}

	private String waiting() {
		this.locks.lock(NAME, "ann");
		List<CompletableFuture<String>> calls = Stream.generate(() -> this.desk.waiting(NAME).toFuture())
			.limit(40)
			.toList();
		CountDownLatch otherWork = new CountDownLatch(100);
		for (int i = 0; i < 100; i++) {
			Schedulers.boundedElastic().schedule(otherWork::countDown);
		}
		Awaitility.await().atMost(TIMEOUT).until(() -> otherWork.getCount() == 0);
		this.locks.unlock(NAME, "ann");
		return "%d ran, other work meanwhile"
			.formatted(calls.stream().map(CallerResults::result).filter("ran"::equals).count());
	}

	private String deadlock() {
		CyclicBarrier both = new CyclicBarrier(2);
		List<CompletableFuture<String>> calls = List.of(crossing(both, NAME, "other"), crossing(both, "other", NAME));
		return String.join(", ", calls.stream().map((call) -> outcome(() -> call)).sorted().toList()).replace("`", "");
	}

	private CompletableFuture<String> crossing(CyclicBarrier both, String first, String second) {
		return CompletableFuture.supplyAsync(() -> {
			this.desk.editAround(first, () -> {
				try {
					both.await(20, TimeUnit.SECONDS);
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
				this.desk.editAround(second, () -> {
				});
			});
			return "ran";
		}, (task) -> new Thread(task).start());
	}

	private void whileLocked(String what, Call call) {
		this.locks.lock(NAME, "ann");
		add(what + ", while locked", call);
		this.locks.unlock(NAME);
	}

	private void add(String what, Call call) {
		int before = this.trace.acquired();
		String outcome = outcome(call);
		this.rows.add("| %s | %s | %d |".formatted(what, outcome, this.trace.acquired() - before));
	}

	private static String outcome(Call call) {
		try {
			return "`" + result(call.run()) + "`";
		}
		catch (CompletionException ex) {
			return "`" + String.valueOf(ex.getCause()).replaceAll(":.*", "").replaceAll(".*\\.", "") + "`";
		}
		catch (RuntimeException ex) {
			return "`" + ex.getClass().getSimpleName() + "`";
		}
	}

	private static @Nullable Object result(@Nullable Object returned) {
		if (returned instanceof CompletionStage<?> stage) {
			return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
		}
		if (returned instanceof Flux<?> flux) {
			return flux.collectList().block(TIMEOUT);
		}
		return (returned instanceof Mono<?> mono) ? mono.block(TIMEOUT) : returned;
	}

	private interface Call {

		@Nullable Object run();

	}

}
