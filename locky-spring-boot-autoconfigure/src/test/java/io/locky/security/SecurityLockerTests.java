package io.locky.security;

import java.time.Duration;

import io.locky.LockerResolver;
import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockySecurityAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Lockers that Spring Security has authenticated.
 */
class SecurityLockerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Authentication ANN = new TestingAuthenticationToken("ann", "secret", "EDITOR");

	private static final Authentication ANONYMOUS = new AnonymousAuthenticationToken("key", "anonymousUser",
			AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.template(null);

	private final ApplicationContextRunner emptyRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
				LockySecurityAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=" + this.fixture.prefix(), "locky.expiration.enabled=false");

	private final ApplicationContextRunner contextRunner = this.emptyRunner.withBean(Articles.class);

	@AfterEach
	void logOut() {
		SecurityContextHolder.clearContext();
		this.fixture.close();
	}

	@Test
	void authenticatedUserIsTheLockerOfTheThread() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			SecurityContextHolder.getContext().setAuthentication(ANN);
			assertThat(articles.edit(12)).isEqualTo("ann");
			this.locks.lock("article:12", "ann");
			assertThat(articles.save(12)).isEqualTo("saved");
		});
	}

	@Test
	void anonymousAndUnauthenticatedUsersAreNoLockers() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			assertThat(articles.edit(12)).startsWith("Articles.edit/");
			SecurityContextHolder.getContext().setAuthentication(ANONYMOUS);
			assertThat(articles.edit(12)).startsWith("Articles.edit/");
			SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("ann", "wrong"));
			assertThat(articles.edit(12)).startsWith("Articles.edit/");
			assertThatIllegalStateException().isThrownBy(() -> articles.save(12))
				.withMessageContaining("log the caller in");
		});
	}

	@Test
	void authenticatedUserOfTheChainIsTheLocker() {
		this.contextRunner.run((context) -> {
			Articles articles = context.getBean(Articles.class);
			this.locks.lock("article:12", "ann");
			Mono<String> save = articles.saveReactively(12);
			assertThat(save.contextWrite(ReactiveSecurityContextHolder.withAuthentication(ANN)).block(TIMEOUT))
				.isEqualTo("saved");
			assertThatIllegalStateException()
				.isThrownBy(() -> save.contextWrite(ReactiveSecurityContextHolder.withAuthentication(ANONYMOUS))
					.block(TIMEOUT));
			assertThatIllegalStateException().isThrownBy(() -> save.block(TIMEOUT));
		});
	}

	@Test
	void authenticatedUserOfTheChainHoldsTheLock() {
		this.contextRunner.run((context) -> {
			Mono<String> edit = context.getBean(Articles.class).editReactively(12);
			assertThat(edit.contextWrite(ReactiveSecurityContextHolder.withAuthentication(ANN)).block(TIMEOUT))
				.isEqualTo("ann");
			assertThat(edit.block(TIMEOUT)).startsWith("Articles.editReactively/");
		});
	}

	@Test
	void chainSubscribedOnAServletThreadUsesItsUser() {
		this.contextRunner.run((context) -> {
			this.locks.lock("article:12", "ann");
			SecurityContextHolder.getContext().setAuthentication(ANN);
			assertThat(context.getBean(Articles.class).saveReactively(12).block(TIMEOUT)).isEqualTo("saved");
		});
	}

	@Test
	void strategyOfTheApplicationIsUsed() {
		this.contextRunner.withBean(SecurityContextHolderStrategy.class, () -> new Always(ANN))
			.run((context) -> assertThat(context.getBean(Articles.class).edit(12)).isEqualTo("ann"));
	}

	@Test
	void resolverOfTheApplicationTakesPrecedence() {
		SecurityContextHolder.getContext().setAuthentication(ANN);
		this.contextRunner.withBean(LockerResolver.class, () -> () -> 20).run((context) -> {
			assertThat(context).hasSingleBean(LockerResolver.class);
			assertThat(context.getBean(Articles.class).edit(12)).isEqualTo("20");
			this.locks.lock("article:12", 20);
			Mono<String> save = context.getBean(Articles.class).saveReactively(12);
			assertThat(save.contextWrite(ReactiveSecurityContextHolder.withAuthentication(ANN)).block(TIMEOUT))
				.isEqualTo("saved");
		});
	}

	@Test
	void applicationStartsWithoutSpringSecurity() {
		ApplicationContextRunner application = this.emptyRunner.withBean(Desk.class)
			.withClassLoader(new FilteredClassLoader("org.springframework.security"));
		application.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(LockerResolver.class);
			assertThat(context.getBean(Desk.class).edit(12)).startsWith("Desk.edit/");
		});
	}

	@Test
	void applicationStartsWithoutReactor() {
		this.emptyRunner.withClassLoader(new FilteredClassLoader("reactor"))
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(LockerResolver.class)
				.isInstanceOf(SecurityLockerResolver.class));
	}

	@Test
	void disabledLockyRegistersNoResolver() {
		this.contextRunner.withPropertyValues("locky.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LockerResolver.class));
	}

	/** Always returns the same user. */
	record Always(Authentication user) implements SecurityContextHolderStrategy {

		@Override
		public SecurityContext getContext() {
			return new SecurityContextImpl(this.user);
		}

		@Override
		public SecurityContext createEmptyContext() {
			return new SecurityContextImpl();
		}

		@Override
		public void setContext(SecurityContext context) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void clearContext() {
			throw new UnsupportedOperationException();
		}

	}

	/** Public, because its proxy may be defined by another class loader. */
	public static class Desk {

		private final LockyTemplate locks;

		protected Desk(LockyTemplate locks) {
			this.locks = locks;
		}

		@Locked("desk:#<id>")
		public @Nullable String edit(long id) {
			return this.locks.getLocker("desk:" + id);
		}

	}

	/** Public, because its proxy may be defined by another class loader. */
	public static class Articles {

		private final @Nullable LockyTemplate locks;

		protected Articles(@Nullable LockyTemplate locks) {
			this.locks = locks;
		}

		@Locked("desk:#<id>")
		public @Nullable String edit(long id) {
			return (this.locks != null) ? this.locks.getLocker("desk:" + id) : null;
		}

		@Locked("desk:#<id>")
		public Mono<String> editReactively(long id) {
			return Mono.justOrEmpty(edit(id));
		}

		@RequiresLock("article:#<id>")
		public String save(long id) {
			return "saved";
		}

		@RequiresLock("article:#<id>")
		public Mono<String> saveReactively(long id) {
			return Mono.just("saved");
		}

	}

}
