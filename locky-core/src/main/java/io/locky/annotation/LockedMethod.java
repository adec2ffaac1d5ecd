package io.locky.annotation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.locky.InvalidLockValueException;
import io.locky.LockNames;
import io.locky.LockRequest;
import io.locky.ResourceLockedException;
import io.locky.annotation.MethodLockAcquirer.RequestedLocks;
import io.locky.observation.LockyObservation;
import io.locky.observation.LockyObservationDocumentation;
import io.locky.observation.LockyObservations;
import io.micrometer.observation.Observation;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.util.ClassUtils;

/**
 * A method with {@link Locked @Locked}, its annotation parsed and checked.
 *
 * @param method the method
 * @param returnType the type that it returns, without type variables
 * @param texts the texts of the annotation
 * @param options the other attributes of the annotation
 * @param fallback the method to call if the lock is denied, or {@code null}
 * @param reactive the adapter for the reactive type that it returns, or {@code null} if
 * it returns none
 */
record LockedMethod(Method method, Class<?> returnType, Texts texts, Options options, @Nullable FallbackMethod fallback,
		@Nullable ReactiveAdapter reactive) {

	private static final Map<Class<?>, Object> EMPTY_RESULTS = Map.of(Optional.class, Optional.empty(),
			OptionalInt.class, OptionalInt.empty(), OptionalLong.class, OptionalLong.empty(), OptionalDouble.class,
			OptionalDouble.empty());

	/** Random once: the source of random numbers is shared by all threads. */
	private static final String INSTANCE = UUID.randomUUID().toString();

	private static final AtomicLong CALLS = new AtomicLong();

	/** Whether the annotation names the locker, so that the current one is not needed. */
	boolean namesLocker() {
		return this.texts.locker() != null;
	}

	/**
	 * Begins to observe a call.
	 * @param observations the observations
	 * @param parent what the call is a part of, or {@code null} for that of the thread
	 * @return the observation
	 */
	LockyObservation observe(LockyObservations observations, @Nullable Observation parent) {
		return observations.start(LockyObservationDocumentation.LOCKED, observations.isNoop() ? "" : name(),
				(parent != null) ? parent : observations.current());
	}

	private String name() {
		return this.method.getDeclaringClass().getSimpleName() + "." + this.method.getName();
	}

	/**
	 * Makes the lock requests of one call.
	 * @param arguments the arguments of the call
	 * @param currentLocker the current locker, or {@code null} if there is none: then the
	 * call itself is the locker
	 * @return the locks, sorted by the names of their resources
	 * @throws IllegalArgumentException if a name cannot be made of the arguments
	 */
	RequestedLocks locksFor(@Nullable Object[] arguments, @Nullable String currentLocker) {
		CallArguments values = new CallArguments(this.texts.parameters(), arguments);
		String namedLocker = resolve(this.texts.locker(), "locker", values);
		String note = resolve(this.texts.note(), "note", values);
		String locker = (namedLocker != null) ? namedLocker : (currentLocker != null) ? currentLocker : uniqueLocker();
		Set<String> resources = new TreeSet<>();
		for (TextTemplate text : this.texts.resources()) {
			resources.add(resource(text, values));
		}
		List<LockRequest> requests = new ArrayList<>(resources.size());
		for (String resource : resources) {
			requests.add(request(resource, locker, note));
		}
		return new RequestedLocks(requests, namedLocker, this.options.waitFor(), this.options.onLost());
	}

	private LockRequest request(String resource, String locker, @Nullable String note) {
		LockRequest request = this.options.apply(LockRequest.of(resource).by(locker));
		return (note != null) ? request.note(note) : request;
	}

	private String resource(TextTemplate text, CallArguments values) {
		try {
			return LockNames.resource(text.resolve(values));
		}
		catch (RuntimeException ex) {
			throw unusable("resource", ex);
		}
	}

	private @Nullable String resolve(@Nullable TextTemplate text, String what, CallArguments values) {
		try {
			return (text != null) ? text.resolve(values) : null;
		}
		catch (RuntimeException ex) {
			throw unusable(what, ex);
		}
	}

	/** A value that a user may have sent stays distinct from a mistake in the text. */
	private IllegalArgumentException unusable(String what, RuntimeException cause) {
		String place = "@Locked on %s cannot name its %s".formatted(ClassUtils.getQualifiedMethodName(this.method),
				what);
		return (cause instanceof InvalidLockValueException invalid) ? new InvalidLockValueException(place, invalid)
				: new IllegalArgumentException(place + ": " + cause.getMessage(), cause);
	}

	/** A locker for this call alone, which shows the method that holds the lock. */
	private String uniqueLocker() {
		return name() + "/" + INSTANCE + "-" + CALLS.incrementAndGet();
	}

	/**
	 * The result of a call that was denied its lock.
	 * @param invocation the call
	 * @param denied the exception that names the lock
	 * @return an empty result, or that of the fallback method
	 * @throws Throwable the denial, or what the fallback method throws
	 */
	@Nullable Object resultIfDenied(MethodInvocation invocation, ResourceLockedException denied) throws Throwable {
		if (this.options.onDenied() == OnDenied.SKIP) {
			return emptyResult();
		}
		if (this.fallback != null) {
			return this.fallback.call(invocation, denied);
		}
		throw denied;
	}

	/** Whether there is a value that stands for none. */
	static boolean hasEmptyResult(Class<?> returnType) {
		return EMPTY_RESULTS.containsKey(returnType);
	}

	boolean isSuspending() {
		return SuspendingFunction.is(this.method);
	}

	private @Nullable Object emptyResult() {
		if (this.reactive != null && !hasEmptyResult(this.returnType)) {
			return this.reactive.getDescriptor().getEmptyValue();
		}
		if (CompletionStage.class.isAssignableFrom(this.returnType)) {
			return CompletableFuture.completedFuture(null);
		}
		return EMPTY_RESULTS.get(this.returnType);
	}

	/**
	 * The texts of the annotation, parsed.
	 *
	 * @param parameters the names of the method's parameters
	 * @param resources the resources
	 * @param locker the locker, or {@code null} if the annotation names none
	 * @param note the note, or {@code null} if there is none
	 */
	record Texts(List<String> parameters, List<TextTemplate> resources, @Nullable TextTemplate locker,
			@Nullable TextTemplate note) {

	}

	/**
	 * The other attributes of the annotation, parsed.
	 *
	 * @param ttl the length of the lease
	 * @param maxHold the longest time that the locks can be held, or {@code null} for no
	 * limit
	 * @param waitFor how long to wait, or {@code null} for not at all
	 * @param force whether to take over from any holder
	 * @param onDenied what to do if the lock is denied
	 * @param onLost what to do if a lock is lost
	 */
	record Options(Duration ttl, @Nullable Duration maxHold, @Nullable Duration waitFor, boolean force,
			OnDenied onDenied, OnLost onLost) {

		LockRequest apply(LockRequest plain) {
			LockRequest request = plain.ttl(this.ttl).autoRenew();
			request = (this.maxHold != null) ? request.maxHold(this.maxHold) : request;
			return this.force ? request.force() : request;
		}

	}

}
