package io.locky.internal.aot;

import java.util.List;
import java.util.stream.Stream;

import io.locky.LockyOperations;
import io.locky.event.HandoverAnsweredEvent;
import io.locky.event.HandoverEvent;
import io.locky.event.HandoverRequestedEvent;
import io.locky.event.HandoverWithdrawnEvent;
import io.locky.event.LineChangedEvent;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockAttentionEvent;
import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockForceReleasedEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockOfferedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.event.PresenceChangedEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Hints for a native image, which do not depend on the application: the scripts, the
 * events, the proxy of observed operations, the function that texts of annotations may
 * call, and the libraries that are looked for at run time.
 */
class LockyRuntimeHints implements RuntimeHintsRegistrar {

	/** One folder for each package that has scripts. */
	private static final String SCRIPTS = "io/locky/internal/*/*.lua";

	private static final List<Class<?>> EVENTS = List.of(LockyEvent.class, LockAcquiredEvent.class,
			LockTakenOverEvent.class, LockReleasedEvent.class, LockExpiredEvent.class, LockLostEvent.class,
			LockAttentionEvent.class, LockEventsMissedEvent.class, LockForceReleasedEvent.class, HandoverEvent.class,
			HandoverRequestedEvent.class, HandoverAnsweredEvent.class, HandoverWithdrawnEvent.class,
			PresenceChangedEvent.class, LockOfferedEvent.class, LineChangedEvent.class);

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern(SCRIPTS);
		hints.proxies().registerJdkProxy(LockyOperations.class);
		ReflectionHints reflection = hints.reflection();
		reflection.registerType(LockyOperations.class, MemberCategory.INVOKE_PUBLIC_METHODS);
		reflection.registerType(TypeReference.of("io.locky.annotation.CallArguments$Root"),
				MemberCategory.INVOKE_PUBLIC_METHODS);
		// Conditions of listeners call their methods too.
		EVENTS.forEach((event) -> {
			reflection.registerType(event, MemberCategory.INVOKE_PUBLIC_METHODS);
			new BindingReflectionHintsRegistrar().registerReflectionHints(reflection, event);
		});
		reflection.registerType(
				TypeReference.of("org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory"),
				(factory) -> factory.withField("configuration"));
		Stream.of("kotlin.reflect.full.KCallables", "kotlinx.coroutines.reactor.MonoKt", "reactor.core.publisher.Mono")
			.forEach((library) -> reflection.registerTypeIfPresent(classLoader, library, (type) -> {
			}));
	}

}
