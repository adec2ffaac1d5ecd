package io.locky.annotation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.locky.LockNames;
import io.locky.LockRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;

/**
 * Reads the annotation of a method, once, and checks whether it can work.
 */
final class LockedMethodParser {

	private final Method method;

	private final Class<?> type;

	private final Locked locked;

	private final AnnotationTexts texts;

	private LockedMethodParser(Method method, Class<?> type, Locked locked, StringValueResolver properties) {
		this.method = method;
		this.type = type;
		this.locked = locked;
		this.texts = new AnnotationTexts(Locked.class, method, properties);
	}

	/**
	 * Reads an annotation.
	 * @param method the method
	 * @param type the class of the bean
	 * @param locked the annotation
	 * @param properties who puts the properties of the application in
	 * @return what it means
	 * @throws InvalidLockedMethodException if it cannot work
	 */
	static LockedMethod read(Method method, Class<?> type, Locked locked, StringValueResolver properties) {
		ProxyConstraints.check(method);
		return new LockedMethodParser(method, type, locked, properties).read();
	}

	private LockedMethod read() {
		if (this.locked.value().length == 0) {
			throw this.texts.invalid("it names no resource", "Name one or more in the annotation.");
		}
		List<TextTemplate> resources = Arrays.stream(this.locked.value())
			.map((text) -> this.texts.parse("value", text))
			.toList();
		LockedTexts parsed = new LockedTexts(this.texts.parameters(), resources,
				optional("locker", this.locked.locker()), optional("note", this.locked.note()));
		Duration waitFor = StringUtils.hasText(this.locked.waitFor()) ? duration("waitFor", this.locked.waitFor())
				: null;
		LockedOptions options = new LockedOptions(duration("ttl", this.locked.ttl()), waitFor, this.locked.force(),
				this.locked.onLost());
		tryOut(parsed, options);
		ReactiveAdapter reactive = reactive();
		return new LockedMethod(this.method, parsed, options, denial(reactive), reactive);
	}

	private @Nullable TextTemplate optional(String attribute, String text) {
		return text.isEmpty() ? null : this.texts.parse(attribute, text);
	}

	private Duration duration(String attribute, String text) {
		String resolved = this.texts.withProperties(attribute, text).trim();
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

	/** What is the same for all calls is refused now rather than by the first of them. */
	private void tryOut(LockedTexts parsed, LockedOptions options) {
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

	private static String constant(@Nullable TextTemplate text, String what) {
		if (text == null || !text.isConstant()) {
			return what;
		}
		String value = text.resolve(SimpleEvaluationContext.forReadOnlyDataBinding().build());
		return what.equals("note") ? value : LockNames.resource(value);
	}

	private @Nullable ReactiveAdapter reactive() {
		Class<?> returned = this.method.getReturnType();
		return CompletionStage.class.isAssignableFrom(returned) ? null : ReactiveTypes.find(returned);
	}

	private Denial denial(@Nullable ReactiveAdapter reactive) {
		Class<?> returned = this.method.getReturnType();
		String fallback = this.locked.fallback();
		boolean wanted = this.locked.onDenied() == OnDenied.FALLBACK;
		if (wanted == fallback.isEmpty()) {
			throw this.texts.invalid("'onDenied = FALLBACK' and 'fallback' need each other",
					"Set both, or none of them.");
		}
		if (this.locked.onDenied() == OnDenied.SKIP && returned.isPrimitive() && returned != void.class) {
			throw this.texts.invalid("there is no %s to return when it is skipped".formatted(returned),
					"Return an object, or use 'onDenied = FALLBACK' with a fallback method.");
		}
		return new Denial(this.locked.onDenied(), wanted ? FallbackMethod.find(fallback, this.method, this.type) : null,
				returned, reactive);
	}

}
