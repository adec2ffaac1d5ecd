package io.locky.annotation;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.BaseStream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * The types of results whose work begins or goes on after a method has returned, and of
 * which nobody can see the end in time: a stream that is read later, or what Spring MVC
 * runs in another thread.
 */
final class ResultAfterReturn {

	/** By name, because Spring MVC may be missing. */
	private static final Set<String> OF_SPRING_MVC = Set.of(
			"org.springframework.web.context.request.async.DeferredResult",
			"org.springframework.web.context.request.async.WebAsyncTask",
			"org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody",
			"org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter");

	private static final Set<String> CONTAINERS = Set.of("org.springframework.http.HttpEntity",
			"org.reactivestreams.Publisher");

	private ResultAfterReturn() {
	}

	/**
	 * Finds such a type in the result of a method: the type itself, or that of what a
	 * response, a future or a publisher contains, as in
	 * {@code ResponseEntity<StreamingResponseBody>}.
	 * @param type the type of the result
	 * @return the simple name of the type, or {@code null} if there is none
	 */
	static @Nullable String of(ResolvableType type) {
		Class<?> result = type.resolve(Object.class);
		if (BaseStream.class.isAssignableFrom(result) || Callable.class.isAssignableFrom(result)
				|| isOneOf(OF_SPRING_MVC, result)) {
			return result.getSimpleName();
		}
		return isContainer(result) ? ofContent(type) : null;
	}

	private static boolean isContainer(Class<?> type) {
		return CompletionStage.class.isAssignableFrom(type) || isOneOf(CONTAINERS, type);
	}

	private static @Nullable String ofContent(ResolvableType type) {
		for (ResolvableType part : type.getGenerics()) {
			String found = of(part);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	private static boolean isOneOf(Set<String> names, @Nullable Class<?> type) {
		if (type == null) {
			return false;
		}
		if (names.contains(type.getName()) || isOneOf(names, type.getSuperclass())) {
			return true;
		}
		for (Class<?> extended : type.getInterfaces()) {
			if (isOneOf(names, extended)) {
				return true;
			}
		}
		return false;
	}

}
