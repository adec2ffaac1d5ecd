package io.locky.annotation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.locky.LockNames;
import io.locky.LockRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Parses the annotation of a method, once, and checks that it can work.
 */
final class LockedMethodParser {

	private final Method method;

	private final Class<?> type;

	private final Class<?> returnType;

	private final Locked locked;

	private final AnnotationTexts texts;

	private LockedMethodParser(Method method, Class<?> type, Locked locked, StringValueResolver propertyResolver) {
		this.method = method;
		this.type = type;
		this.returnType = ProxyConstraints.returnType(method, type);
		this.locked = locked;
		this.texts = new AnnotationTexts(Locked.class, method, propertyResolver);
	}

	/**
	 * Parses an annotation.
	 * @param method the method
	 * @param type the class of the bean
	 * @param locked the annotation
	 * @param propertyResolver resolves properties of the application
	 * @return the parsed method
	 * @throws InvalidLockedMethodException if the annotation cannot work
	 */
	static LockedMethod parse(Method method, Class<?> type, Locked locked, StringValueResolver propertyResolver) {
		ProxyConstraints.check(method, type);
		return new LockedMethodParser(method, type, locked, propertyResolver).parse();
	}

	private LockedMethod parse() {
		LockedMethod.Texts parsed = texts();
		LockedMethod.Options options = options();
		checkConstants(parsed, options);
		return new LockedMethod(this.method, this.returnType, parsed, options, fallback(), reactive());
	}

	private LockedMethod.Texts texts() {
		if (this.locked.value().length == 0) {
			throw this.texts.invalid("it names no resource", "Name one or more in the annotation.");
		}
		List<TextTemplate> resources = Arrays.stream(this.locked.value())
			.map((text) -> this.texts.parse("value", text))
			.toList();
		return new LockedMethod.Texts(this.texts.parameters(), resources, optional("locker", this.locked.locker()),
				optional("note", this.locked.note()));
	}

	private @Nullable TextTemplate optional(String attribute, String text) {
		return text.isEmpty() ? null : this.texts.parse(attribute, text);
	}

	private LockedMethod.Options options() {
		return new LockedMethod.Options(duration("ttl", this.locked.ttl()),
				optionalDuration("maxHold", this.locked.maxHold()), optionalDuration("waitFor", this.locked.waitFor()),
				this.locked.force(), this.locked.onDenied(), this.locked.onLost());
	}

	private @Nullable Duration optionalDuration(String attribute, String text) {
		return StringUtils.hasText(text) ? duration(attribute, text) : null;
	}

	private Duration duration(String attribute, String text) {
		String resolved = this.texts.resolveProperties(attribute, text).trim();
		try {
			if (StringUtils.hasText(resolved) && !Character.isDigit(resolved.charAt(resolved.length() - 1))) {
				return DurationFormatterUtils.detectAndParse(resolved);
			}
		}
		catch (IllegalArgumentException ex) {
			// Explained below.
		}
		throw this.texts.invalid("\"%s\" as '%s' is not a duration".formatted(resolved, attribute),
				"Write it with a unit, as in 500ms, 30s, 5m or PT30S.");
	}

	/** Refuses at start-up what would fail in the same way at every call. */
	private void checkConstants(LockedMethod.Texts parsed, LockedMethod.Options options) {
		try {
			parsed.resources().forEach((text) -> constant(text, "resource"));
			LockRequest request = options.apply(LockRequest.of("resource").by(constant(parsed.locker(), "locker")));
			request = request.note(constant(parsed.note(), "note"));
			if (options.waitFor() != null) {
				request.waitUpTo(options.waitFor());
			}
		}
		catch (IllegalArgumentException ex) {
			throw this.texts.invalid(String.valueOf(ex.getMessage()), "Correct the attribute of the annotation.");
		}
	}

	/** The value of a text without placeholders, or a stand-in. */
	private static String constant(@Nullable TextTemplate text, String what) {
		if (text == null || !text.isConstant()) {
			return what;
		}
		String value = text.resolve(CallArguments.NONE);
		return what.equals("note") ? value : LockNames.resource(value);
	}

	private @Nullable FallbackMethod fallback() {
		OnDenied onDenied = this.locked.onDenied();
		boolean needed = onDenied == OnDenied.FALLBACK;
		if (needed == this.locked.fallback().isEmpty()) {
			throw this.texts.invalid("'onDenied = FALLBACK' and 'fallback' need each other",
					"Set both, or none of them.");
		}
		checkSkip(onDenied);
		return needed ? FallbackMethod.find(this.locked.fallback(), this.method, this.type) : null;
	}

	private void checkSkip(OnDenied onDenied) {
		if (onDenied == OnDenied.SKIP && needsValue()) {
			ReactiveAdapter reactive = reactive();
			boolean neverEmpty = reactive != null && !reactive.supportsEmpty();
			throw this.texts.invalid(
					"there is no %s to return when it is skipped"
						.formatted((neverEmpty ? "empty " : "") + this.returnType.getSimpleName()),
					"Return what can be empty, or use 'onDenied = FALLBACK' with a fallback method.");
		}
	}

	private boolean needsValue() {
		if (SuspendingFunction.is(this.method)) {
			return !SuspendingFunction.canBeEmpty(this.method, this.returnType);
		}
		ReactiveAdapter reactive = reactive();
		boolean primitive = this.returnType.isPrimitive() && this.returnType != void.class;
		return primitive || (reactive != null && !reactive.supportsEmpty());
	}

	private @Nullable ReactiveAdapter reactive() {
		return ProxyConstraints.reactiveAdapter(this.method, this.type);
	}

}
