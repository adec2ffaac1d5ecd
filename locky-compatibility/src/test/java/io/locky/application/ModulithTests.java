package io.locky.application;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application with Spring Modulith, whose registry stores events as JSON.
 */
@Tag("modulith")
class ModulithTests {

	@Nested
	@Row(application = "Spring Modulith", driver = "Lettuce")
	class WithLettuce extends ModulithContract {

		WithLettuce() {
			super(Applications.LETTUCE);
		}

	}

	@Nested
	@Row(application = "Spring Modulith", driver = "Jedis")
	class WithJedis extends ModulithContract {

		WithJedis() {
			super(Applications.JEDIS);
		}

	}

	abstract static class ModulithContract {

		private final String driver;

		ModulithContract(String driver) {
			this.driver = driver;
		}

		@Test
		void listenersOfModulesGetExpiriesAndReleases() {
			try (ConfigurableApplicationContext application = Applications.start(WebApplicationType.NONE,
					Application.class, this.driver, "locky.expiration.transactional=true",
					"spring.modulith.events.jdbc.schema-initialization.enabled=true")) {
				LockyTemplate locks = application.getBean(LockyTemplate.class);
				Mail mail = application.getBean(Mail.class);
				locks.lock(LockRequest.of("article:1").by("ann").ttl(Duration.ofMillis(100)));
				await().atMost(Duration.ofSeconds(30)).until(() -> mail.resources().contains("article:1"));
				locks.lock("article:2", "bob");
				application.getBean(TransactionTemplate.class)
					.executeWithoutResult((transaction) -> locks.unlock("article:2", "bob"));
				await().atMost(Duration.ofSeconds(30)).until(() -> mail.resources().contains("article:2"));
				JdbcTemplate registry = application.getBean(JdbcTemplate.class);
				await().atMost(Duration.ofSeconds(30))
					.untilAsserted(() -> assertThat(registry.queryForList(
							"select serialized_event from event_publication where completion_date is not null",
							String.class))
						.hasSize(2)
						.anyMatch((json) -> json.contains("\"article:1\""))
						.anyMatch((json) -> json.contains("\"article:2\"")));
				assertThat(mail.resources()).containsExactlyInAnyOrder("article:1", "article:2");
			}
		}

	}

	static class Mail {

		private final List<LockyEvent> events = new CopyOnWriteArrayList<>();

		@ApplicationModuleListener
		void on(LockExpiredEvent event) {
			this.events.add(event);
		}

		@ApplicationModuleListener
		void on(LockReleasedEvent event) {
			this.events.add(event);
		}

		List<String> resources() {
			return this.events.stream().map(LockyEvent::getResource).toList();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Mail mail() {
			return new Mail();
		}

	}

}
