package io.locky.event;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.locky.event.ListeningApplication.Calls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.modulith.events.config.EventPublicationAutoConfiguration;
import org.springframework.modulith.events.core.EventPublicationRegistry;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What docs/events.md says of Spring Modulith's registry of event publications, which
 * stores events as JSON of Jackson 3 or Jackson 2.
 */
class ModulithRegistryTests {

	private static final String JACKSON_3 = "org.springframework.modulith.events.jackson.JacksonEventSerializationConfiguration";

	private static final String JACKSON_2 = "org.springframework.modulith.events.jackson2.Jackson2EventSerializationConfiguration";

	private static final String JDBC = "org.springframework.modulith.events.jdbc.JdbcEventPublicationAutoConfiguration";

	private static final String TRANSACTIONAL = "locky.expiration.transactional=true";

	private static final String REPUBLISH = "spring.modulith.events.republish-outstanding-events-on-restart=true";

	private static final String CREATE_TABLES = "spring.modulith.events.jdbc.schema-initialization.enabled=true";

	@ParameterizedTest
	@ValueSource(strings = { JACKSON_3, JACKSON_2 })
	void registryHasTheExpiryBeforeItIsAcknowledged(String jackson) {
		try (ListeningApplication application = start(jackson, TRANSACTIONAL)) {
			Calls calls = application.calls();
			calls.blockListener();
			application.expire("x");
			assertThat(calls.awaitCall().thread()).startsWith("app-");
			application.awaitAcknowledged();
			assertThat(incomplete(application)).isEqualTo(1);
			calls.resume();
			await().until(() -> incomplete(application) == 0);
			assertThat(calls.all()).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { JACKSON_3, JACKSON_2 })
	void registryReadsBackTheExpiryOfAListenerThatFailed(String jackson) {
		ApplicationEvent event;
		ListeningApplication application = start(jackson, TRANSACTIONAL);
		try (application) {
			application.calls().failOnce(() -> {
			});
			application.expire("x");
			event = application.calls().awaitCall().event();
			application.awaitAcknowledged();
		}
		try (ListeningApplication next = application.restart(properties(TRANSACTIONAL), beans(jackson))) {
			Object read = next.bean(EventPublicationRegistry.class)
				.findIncompletePublications()
				.iterator()
				.next()
				.getEvent();
			assertThat(read).isNotSameAs(event)
				.isInstanceOf(LockExpiredEvent.class)
				.usingRecursiveComparison()
				.ignoringFields("source")
				.isEqualTo(event);
			assertThat(((LockExpiredEvent) read).getSource()).isEqualTo(LockyEvent.class);
		}
	}

	@Test
	void eventOfTheApplicationIsPublishedAgainAfterARestart() {
		ListeningApplication application = start(JACKSON_3, Translator.class, TRANSACTIONAL);
		try (application) {
			Translator.failing = true;
			application.expire("x");
			await().until(() -> !Translator.calls.isEmpty());
			application.awaitAcknowledged();
		}
		Translator.failing = false;
		try (ListeningApplication next = application.restart(properties(TRANSACTIONAL, REPUBLISH),
				beans(JACKSON_3, Translator.class))) {
			await().until(() -> incomplete(next) == 0);
			assertThat(Translator.calls).hasSize(2).containsOnly(Translator.calls.get(0));
		}
	}

	@Test
	void withoutATransactionTheRegistryKeepsWhatNoListenerGets() {
		try (ListeningApplication application = start(JACKSON_3)) {
			application.expire("x");
			application.awaitAcknowledged();
			assertThat(incomplete(application)).isEqualTo(1);
			assertThat(application.calls().all()).isEmpty();
		}
	}

	private static int incomplete(ListeningApplication application) {
		return application.jdbc()
			.queryForList("select event_type from event_publication where completion_date is null", String.class)
			.size();
	}

	private static ListeningApplication start(String jackson, String... properties) {
		return start(jackson, Mail.class, properties);
	}

	private static ListeningApplication start(String jackson, Class<?> listener, String... properties) {
		return ListeningApplication.start(properties(properties), beans(jackson, listener));
	}

	private static Class<?>[] beans(String jackson) {
		return beans(jackson, Mail.class);
	}

	/** What an application gets by the starters of Spring Modulith, and its listener. */
	private static Class<?>[] beans(String jackson, Class<?> listener) {
		return new Class<?>[] { Jackson2Application.class, ClassUtils.resolveClassName(jackson, null),
				ClassUtils.resolveClassName(JDBC, null), EventPublicationAutoConfiguration.class, listener };
	}

	private static List<String> properties(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add(CREATE_TABLES);
		return all;
	}

	/** The mapper for Instants that Spring Boot makes. */
	@Configuration(proxyBeanMethods = false)
	static class Jackson2Application {

		@Bean
		ObjectMapper objectMapper() {
			return JsonMapper.builder().addModule(new JavaTimeModule()).build();
		}

	}

	/** Makes an event of its own of an expiry, in the same transaction. */
	static class Translator {

		private static final List<EditingEnded> calls = new CopyOnWriteArrayList<>();

		private static volatile boolean failing;

		private final ApplicationEventPublisher publisher;

		Translator(ApplicationEventPublisher publisher) {
			this.publisher = publisher;
		}

		@EventListener
		public void on(LockExpiredEvent event) {
			this.publisher.publishEvent(new EditingEnded(event.getResource(), event.getLocker(), event.getFence()));
		}

		@ApplicationModuleListener
		public void on(EditingEnded event) {
			calls.add(event);
			if (failing) {
				throw new IllegalStateException("A listener that fails on purpose");
			}
		}

	}

	record EditingEnded(String article, String editor, long fence) {

	}

	static class Mail {

		private final Calls calls;

		Mail(Calls calls) {
			this.calls = calls;
		}

		@ApplicationModuleListener
		public void on(LockExpiredEvent event) {
			this.calls.on(event, "mail");
		}

	}

}
