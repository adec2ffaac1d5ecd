package io.locky.saving;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import io.locky.FencedUpdate;
import io.locky.StaleFenceException;
import io.locky.testing.TestThreads;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The saves that the documentation shows, with JPA.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FencedJpaTests {

	private final ConfigurableApplicationContext context = new SpringApplicationBuilder(Jpa.class)
		.web(WebApplicationType.NONE)
		.properties("spring.main.banner-mode=off", "spring.jpa.hibernate.ddl-auto=create-drop",
				"spring.jpa.open-in-view=false")
		.run();

	private final Articles articles = this.context.getBean(Articles.class);

	private final TransactionTemplate transaction = new TransactionTemplate(
			this.context.getBean(PlatformTransactionManager.class));

	@BeforeEach
	void newArticle() {
		this.articles.deleteAll();
		this.articles.save(new Article(12, "old"));
	}

	@AfterAll
	void closeContext() {
		this.context.close();
	}

	@Test
	void queryRefusesOnlyLowerFences() {
		save("first", 17);
		save("equal", 17);
		save("higher", 18);
		assertThatExceptionOfType(StaleFenceException.class).isThrownBy(() -> save("stale", 17));
		assertSaved("higher", 18);
	}

	@Test
	void claimRefusesOnlyLowerFences() {
		edit(17, (article) -> article.setText("first"));
		edit(17, (article) -> article.setText("equal"));
		edit(18, (article) -> article.setText("higher"));
		assertThatExceptionOfType(StaleFenceException.class)
			.isThrownBy(() -> edit(17, (article) -> article.setText("stale")));
		assertSaved("higher", 18);
	}

	@Test
	void claimWorksForAnEntityThatIsAlreadyLoaded() {
		this.transaction.executeWithoutResult((status) -> {
			this.articles.findById(12L).orElseThrow();
			edit(17, (article) -> article.setText("first"));
		});
		assertSaved("first", 17);
	}

	@Test
	void staleEditIsRefusedAfterWaitingForTheNewerOne() throws Exception {
		CountDownLatch claimed = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		CompletableFuture<Void> newer = TestThreads.run(() -> edit(17, (article) -> {
			claimed.countDown();
			assertThatNoException().isThrownBy(goOn::await);
			article.setText("ann's");
		}));
		claimed.await();
		CompletableFuture<Void> stale = TestThreads.run(() -> edit(16, (article) -> article.setText("bob's")));
		goOn.countDown();
		newer.get();
		assertThat(stale).failsWithin(Duration.ofSeconds(60))
			.withThrowableThat()
			.withCauseInstanceOf(StaleFenceException.class);
		assertSaved("ann's", 17);
	}

	private void save(String text, long fence) {
		this.transaction.executeWithoutResult(
				(status) -> FencedUpdate.requireSaved(this.articles.save(12, text, fence), "article:12", fence));
	}

	private void edit(long fence, Consumer<Article> change) {
		this.transaction.executeWithoutResult((status) -> {
			FencedUpdate.requireSaved(this.articles.claim(12, fence), "article:12", fence);
			change.accept(this.articles.findById(12L).orElseThrow());
		});
	}

	private void assertSaved(String text, long fence) {
		assertThat(this.articles.findById(12L)).hasValueSatisfying(
				(article) -> assertThat(article).returns(text, Article::getText).returns(fence, Article::getLockFence));
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	@EnableJpaRepositories
	@ImportAutoConfiguration({ HibernateJpaAutoConfiguration.class, TransactionAutoConfiguration.class })
	static class Jpa {

		@Bean
		JdbcDataSource dataSource() {
			return FencedJdbcTests.database();
		}

	}

}
