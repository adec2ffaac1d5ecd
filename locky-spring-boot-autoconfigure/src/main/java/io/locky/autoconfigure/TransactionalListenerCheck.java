package io.locky.autoconfigure;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListenerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.transaction.event.TransactionalApplicationListenerMethodAdapter;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.event.TransactionalEventListenerFactory;
import org.springframework.util.ClassUtils;

/**
 * Warns of listeners that wait for a transaction where there is none: Locky publishes
 * some events in threads of its own, and Spring does not call such a listener then,
 * without a word.
 * <p>
 * Spring asks each {@link EventListenerFactory} about each listener method of the
 * application. This one creates no listener. It only sees the methods, so that no bean
 * has to be searched a second time.
 */
class TransactionalListenerCheck implements EventListenerFactory, Ordered, ApplicationListener<ContextRefreshedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(TransactionalListenerCheck.class);

	private final List<Method> waiting = new ArrayList<>();

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public boolean supportsMethod(Method method) {
		TransactionalEventListener listener = AnnotatedElementUtils.findMergedAnnotation(method,
				TransactionalEventListener.class);
		if (listener != null && !listener.fallbackExecution()) {
			this.waiting.add(method);
		}
		return false;
	}

	@Override
	public ApplicationListener<?> createApplicationListener(String beanName, Class<?> type, Method method) {
		throw new UnsupportedOperationException("This factory creates no listeners");
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		ApplicationContext context = event.getApplicationContext();
		// Without such a factory, Spring takes the methods for simple listeners.
		if (context.getBeanNamesForType(TransactionalEventListenerFactory.class).length > 0) {
			warn(context.getBean(LockyProperties.class));
		}
		this.waiting.clear();
	}

	private void warn(LockyProperties properties) {
		boolean transactional = properties.expiration().transactional();
		List<Class<? extends ApplicationEvent>> outside = new ArrayList<>(List.of(LockLostEvent.class));
		if (!transactional) {
			outside.add(0, LockExpiredEvent.class);
		}
		if (properties.events().broadcast()) {
			outside.add(LockEventsMissedEvent.class);
		}
		String listeners = this.waiting.stream()
			.flatMap((method) -> describe(method, outside))
			.sorted()
			.collect(Collectors.joining(", "));
		if (!listeners.isEmpty()) {
			logger.warn(
					"These listeners are never called for events that Locky publishes outside of a transaction: {}. "
							+ "Use @EventListener, or set 'fallbackExecution = true'.{}",
					listeners,
					transactional ? "" : " For LockExpiredEvent, 'locky.expiration.transactional=true' helps too.");
		}
	}

	private static Stream<String> describe(Method method, List<Class<? extends ApplicationEvent>> outside) {
		TransactionalApplicationListenerMethodAdapter listener = new TransactionalApplicationListenerMethodAdapter("",
				method.getDeclaringClass(), method);
		// A listener of any object has nothing to do with locks.
		if (listener.supportsEventType(ResolvableType.forClass(Object.class))) {
			return Stream.empty();
		}
		String events = outside.stream()
			.filter((type) -> listener.supportsEventType(ResolvableType.forClass(type)))
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", "));
		return events.isEmpty() ? Stream.empty()
				: Stream.of("%s (%s)".formatted(ClassUtils.getQualifiedMethodName(method), events));
	}

}
