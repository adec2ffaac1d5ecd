package io.locky.application;

import java.util.ArrayList;
import java.util.List;

import io.locky.annotation.Locked;
import io.locky.application.Articles.Article;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with JPA.
 */
class JpaTests {

	@Nested
	@Row(application = "JPA", driver = "Lettuce")
	class WithLettuce extends JpaContract {

		WithLettuce() {
			super(Applications.LETTUCE);
		}

	}

	@Nested
	@Row(application = "JPA", driver = "Jedis")
	class WithJedis extends JpaContract {

		WithJedis() {
			super(Applications.JEDIS);
		}

	}

	@ExtendWith(OutputCaptureExtension.class)
	abstract static class JpaContract {

		private final String driver;

		JpaContract(String driver) {
			this.driver = driver;
		}

		@Test
		void lockIsHeldUntilTheCommit() {
			try (ConfigurableApplicationContext application = start()) {
				LockyTemplate locks = application.getBean(LockyTemplate.class);
				Editor editor = application.getBean(Editor.class);
				editor.rename(12, "New");
				assertThat(editor.heldAtCommit()).isTrue();
				assertThat(application.getBean(Articles.class).findById(12L)).map(Article::title).hasValue("New");
				assertThat(locks.find("article:12")).isEmpty();
			}
		}

		@Test
		void repositoriesOfRedisLookAtThoseOfJpa(CapturedOutput output) {
			start("logging.level.org.springframework.data=info").close();
			assertThat(output).contains("entering strict repository configuration mode",
					"Spring Data Redis - Could not safely identify store assignment");
		}

		@Test
		void documentedPropertiesMakeTheStartQuiet(CapturedOutput output) {
			start("logging.level.org.springframework.data=info", "spring.data.redis.repositories.enabled=false",
					"logging.level.org.springframework.data.repository.config.RepositoryConfigurationDelegate=warn")
				.close();
			assertThat(output).doesNotContain("entering strict repository configuration mode",
					"Could not safely identify");
		}

		private ConfigurableApplicationContext start(String... properties) {
			List<String> all = new ArrayList<>(List.of(this.driver, "spring.jpa.hibernate.ddl-auto=create-drop"));
			all.addAll(Applications.WITH_JPA);
			all.addAll(List.of(properties));
			return Applications.start(WebApplicationType.NONE, Application.class, all.toArray(String[]::new));
		}

	}

	static class Editor {

		private final Articles articles;

		private final LockyTemplate locks;

		private boolean heldAtCommit;

		Editor(Articles articles, LockyTemplate locks) {
			this.articles = articles;
			this.locks = locks;
		}

		boolean heldAtCommit() {
			return this.heldAtCommit;
		}

		@Transactional
		@Locked("article:#<id>")
		void rename(long id, String title) {
			this.articles.save(new Article(id, title));
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					Editor.this.heldAtCommit = Editor.this.locks.find("article:" + id).isPresent();
				}

			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Editor editor(Articles articles, LockyTemplate locks) {
			return new Editor(articles, locks);
		}

	}

}
