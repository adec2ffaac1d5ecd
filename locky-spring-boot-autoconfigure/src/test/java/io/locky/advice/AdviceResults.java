package io.locky.advice;

import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.locky.core.LockyTemplate;
import jakarta.jms.TextMessage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jms.config.JmsListenerEndpointRegistry;
import org.springframework.jms.listener.AbstractMessageListenerContainer;
import org.springframework.jms.listener.adapter.MessagingMessageListenerAdapter;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.AcknowledgingConsumerAwareMessageListener;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Calls the listeners of an {@link AdviceApplication} the way their containers would, and
 * the secured methods as a user without rights.
 */
final class AdviceResults {

	private final ConfigurableApplicationContext context;

	AdviceResults(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/** What each listener and each secured method did. */
	Map<String, String> all() {
		Map<String, String> results = new TreeMap<>(listeners());
		results.putAll(secured());
		return results;
	}

	/** From when to when each listener holds its lock. */
	Map<String, String> listeners() {
		Map<String, String> results = new TreeMap<>();
		add(results, "kafka", this::kafka);
		add(results, "rabbit", this::rabbit);
		add(results, "jms", this::jms);
		add(results, "integration",
				() -> this.context.getBean("orders", MessageChannel.class).send(new GenericMessage<>("order")));
		add(results, "scheduled",
				() -> this.context.getBean(ScheduledAnnotationBeanPostProcessor.class)
					.getScheduledTasks()
					.forEach((task) -> task.getTask().getRunnable().run()));
		add(results, "event", () -> this.context.publishEvent(new Listeners.Note("note")));
		add(results, "transactionalEvent", () -> this.context.publishEvent(new Listeners.Note("note")));
		add(results, "redis", () -> this.context.getBean(StringRedisTemplate.class)
			.convertAndSend(this.context.getEnvironment().getRequiredProperty("listeners.channel"), "message"));
		return results;
	}

	private void add(Map<String, String> results, String kind, Runnable call) {
		Trace trace = this.context.getBean(Trace.class);
		trace.clear(kind);
		trace.at(kind, "call");
		call.run();
		trace.awaitPoint(kind, "method");
		trace.atLast(kind, "return");
		results.put(kind, trace.cells(kind));
	}

	@SuppressWarnings({ "unchecked", "NullAway" /* A consumer is not needed. */ })
	private void kafka() {
		var container = Objects
			.requireNonNull(this.context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("kafka"));
		var listener = (AcknowledgingConsumerAwareMessageListener<String, String>) container.getContainerProperties()
			.getMessageListener();
		listener.onMessage(new ConsumerRecord<>("topic", 0, 0, "key", "message"), null, null);
	}

	@SuppressWarnings("NullAway" /* A channel is not needed. */)
	private void rabbit() {
		var container = (SimpleMessageListenerContainer) this.context.getBean(RabbitListenerEndpointRegistry.class)
			.getListenerContainer("rabbit");
		MessageListener listener = container.getMessageListener();
		Message message = new Message("message".getBytes(StandardCharsets.UTF_8));
		message.getMessageProperties().setContentType("text/plain");
		try {
			((ChannelAwareMessageListener) listener).onMessage(message, null);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("NullAway" /* A session is not needed. */)
	private void jms() {
		var container = (AbstractMessageListenerContainer) this.context.getBean(JmsListenerEndpointRegistry.class)
			.getListenerContainer("jms");
		try {
			((MessagingMessageListenerAdapter) container.getMessageListener()).onMessage(stub(TextMessage.class), null);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Map<String, String> secured() {
		Map<String, String> results = new TreeMap<>();
		check(results, "");
		this.context.getBean(LockyTemplate.class).lock("tea", "ann");
		check(results, " while locked");
		this.context.getBean(LockyTemplate.class).unlock("tea");
		return results;
	}

	private void check(Map<String, String> results, String suffix) {
		SecuredDesk desk = this.context.getBean(SecuredDesk.class);
		results.put("@PreAuthorize" + suffix, outcome(desk::preAuthorize));
		results.put("@Secured" + suffix, outcome(desk::secured));
		results.put("@RolesAllowed" + suffix, outcome(desk::rolesAllowed));
		results.put("@RequiresLock with @PreAuthorize" + suffix, outcome(desk::requiresLock));
		results.put("@RequiresLock with @Secured" + suffix, outcome(desk::securedRequiresLock));
		results.put("@Locked and @RequiresLock" + suffix, outcome(desk::both));
	}

	private String outcome(Runnable call) {
		AdviceApplication.Acquired acquired = this.context.getBean(AdviceApplication.Acquired.class);
		int before = acquired.count();
		SecurityContextHolder.getContext()
			.setAuthentication(new TestingAuthenticationToken("eve", "secret", "ROLE_READER"));
		String outcome;
		try {
			call.run();
			outcome = "ran";
		}
		catch (AccessDeniedException ex) {
			outcome = "denied";
		}
		catch (RuntimeException ex) {
			outcome = ex.getClass().getSimpleName();
		}
		finally {
			SecurityContextHolder.clearContext();
		}
		return "%s, %d locks".formatted(outcome, acquired.count() - before);
	}

	/** An object whose methods return "message", or nothing. */
	static <T> T stub(Class<T> type) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> nothing(method.getReturnType())));
	}

	private static @Nullable Object nothing(Class<?> type) {
		if (type == String.class) {
			return "message";
		}
		return type.isPrimitive() && type != void.class ? Array.get(Array.newInstance(type, 1), 0) : null;
	}

}
