package io.locky.application;

import io.locky.annotation.Locked;
import io.locky.core.LockyTemplate;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with JPA.
 */
@ExtendWith(OutputCaptureExtension.class)
class JpaTests {

	@Test
	void lockIsHeldUntilTheCommit(CapturedOutput output) {
		try (ConfigurableApplicationContext application = Applications.start(WebApplicationType.NONE, Application.class,
				"spring.jpa.hibernate.ddl-auto=create-drop")) {
			LockyTemplate locks = application.getBean(LockyTemplate.class);
			Editor editor = application.getBean(Editor.class);
			editor.rename(12, "New");
			assertThat(editor.heldAtCommit()).isTrue();
			assertThat(application.getBean(Articles.class).findById(12L)).map((article) -> article.title)
				.hasValue("New");
			assertThat(locks.find("article:12")).isEmpty();
		}
		assertThat(output).doesNotContain("strict repository configuration", "Could not safely identify");
	}

	@Entity(name = "article")
	static class Article {

		@Id
		private long id;

		private String title = "";

	}

	interface Articles extends JpaRepository<Article, Long> {

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
			Article article = new Article();
			article.id = id;
			article.title = title;
			this.articles.save(article);
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
	@EnableJpaRepositories(considerNestedRepositories = true)
	static class Application {

		@Bean
		Editor editor(Articles articles, LockyTemplate locks) {
			return new Editor(articles, locks);
		}

	}

}
