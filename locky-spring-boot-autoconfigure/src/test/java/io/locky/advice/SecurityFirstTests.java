package io.locky.advice;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.locky.LockRequiredException;
import io.locky.ResourceLockedException;
import io.locky.annotation.LockAssert;
import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Authorization decides before anything of a lock is acquired or shown; see also
 * {@link AdviceTests}.
 */
class SecurityFirstTests extends AnnotatedFixture {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@Test
	void reactiveSecurityDecidesFirst() {
		this.application.withUserConfiguration(ReactiveSecurity.class).withBean(ReactiveDesk.class).run((context) -> {
			ReactiveDesk desk = context.getBean(ReactiveDesk.class);
			assertDenied(desk.edit());
			assertDenied(desk.edits().next());
			assertThat(acquired()).isZero();
			this.locks.lock("tea", "ann");
			assertDenied(desk.edit());
			assertDenied(desk.save());
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> as("ROLE_CHIEF", desk.edit()));
			this.locks.unlock("tea");
			assertThat(as("ROLE_CHIEF", desk.edit())).isEqualTo("tea");
		});
	}

	@Test
	void securityOfARepositoryWithTwoProxiesDecidesFirst() {
		this.application.withUserConfiguration(Repositories.class).run((context) -> {
			Articles articles = context.getBean(Articles.class);
			logIn("ROLE_READER");
			assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> articles.findById("tea"));
			this.locks.lock("tea", "ann");
			assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> articles.findById("tea"));
			assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> articles.deleteById("tea"));
			assertThat(acquired()).isZero();
			logIn("ROLE_CHIEF");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> articles.findById("tea"));
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> articles.deleteById("tea"));
			this.locks.unlock("tea");
			assertThat(articles.findById("tea")).isEmpty();
			assertThatExceptionOfType(LockRequiredException.class).isThrownBy(() -> articles.deleteById("tea"));
			assertThat(acquired()).isEqualTo(1);
		});
	}

	@Test
	void methodsThatARepositoryDeclaresAgainAreLocked() {
		this.application.withUserConfiguration(Repositories.class).run((context) -> {
			Articles articles = context.getBean(Articles.class);
			this.locks.lock("all", "ann");
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(articles::findAll);
			assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(articles::deleteAll);
			this.locks.unlock("all");
			assertThat(articles.findAll()).isEmpty();
			assertThat(acquired()).isEqualTo(1);
		});
	}

	@Test
	void retriesOfASecuredMethodRunUnderOneLock() {
		this.application.withUserConfiguration(Retries.class).withBean(RetriedDesk.class).run((context) -> {
			RetriedDesk desk = context.getBean(RetriedDesk.class);
			logIn("ROLE_READER");
			assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(desk::edit);
			assertThat(acquired()).isZero();
			logIn("ROLE_CHIEF");
			assertThat(desk.edit()).isEqualTo(3);
			assertThat(acquired()).isEqualTo(1);
		});
	}

	private static void assertDenied(Mono<?> call) {
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> as("ROLE_READER", call));
	}

	private static <T> T as(String role, Mono<T> call) {
		return call
			.contextWrite(ReactiveSecurityContextHolder
				.withAuthentication(new TestingAuthenticationToken("eve", "secret", role)))
			.blockOptional(TIMEOUT)
			.orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableReactiveMethodSecurity
	static class ReactiveSecurity {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableMethodSecurity
	@EnableResilientMethods
	static class Retries {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	@EnableMethodSecurity
	@EnableJpaRepositories(considerNestedRepositories = true)
	@ImportAutoConfiguration({ HibernateJpaAutoConfiguration.class, TransactionAutoConfiguration.class })
	static class Repositories {

		@Bean
		JdbcDataSource dataSource() {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
			return dataSource;
		}

	}

	static class ReactiveDesk {

		@Locked("tea")
		@PreAuthorize("hasRole('CHIEF')")
		Mono<String> edit() {
			LockAssert.assertLocked("tea");
			return Mono.just("tea");
		}

		@Locked("tea")
		@PreAuthorize("hasRole('CHIEF')")
		Flux<String> edits() {
			return Flux.just("tea");
		}

		@RequiresLock("tea")
		@PreAuthorize("hasRole('CHIEF')")
		Mono<String> save() {
			return Mono.just("tea");
		}

	}

	static class RetriedDesk {

		private int attempts;

		@Locked("tea")
		@PreAuthorize("hasRole('CHIEF')")
		@Retryable(maxRetries = 5, delay = 1)
		int edit() {
			if (++this.attempts < 3) {
				throw new IllegalStateException("once more");
			}
			return this.attempts;
		}

	}

	@Entity
	static class Text {

		@Id
		private @Nullable String id;

	}

	interface Articles extends JpaRepository<Text, String> {

		@Override
		@Locked("#id")
		@PreAuthorize("hasRole('CHIEF')")
		Optional<Text> findById(String id);

		@Override
		@RequiresLock("#id")
		@PreAuthorize("hasRole('CHIEF')")
		void deleteById(String id);

		@Override
		@Locked("all")
		List<Text> findAll();

		@Override
		@RequiresLock(value = "all", locker = "bob")
		void deleteAll();

	}

}
