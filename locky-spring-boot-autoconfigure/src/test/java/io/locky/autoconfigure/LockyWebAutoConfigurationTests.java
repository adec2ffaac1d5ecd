package io.locky.autoconfigure;

import io.locky.LockInfo;
import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ResourceLockedException;
import io.locky.test.InMemoryLocks;
import io.locky.testing.TestRedis;
import io.locky.web.LockHolderView;
import io.locky.web.LockProblems;
import io.locky.web.internal.LockProblemAdvice;
import io.locky.web.internal.endpoint.EndpointLocks;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.ReactiveEndpointLocks;
import io.locky.web.internal.mvc.BrowserModuleConfigurer;
import io.locky.web.internal.mvc.LockMvcController;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;

class LockyWebAutoConfigurationTests {

	private static final AutoConfigurations BOTH = AutoConfigurations.of(LockyWebMvcAutoConfiguration.class,
			LockyWebFluxAutoConfiguration.class);

	private final WebApplicationContextRunner mvcRunner = new WebApplicationContextRunner().withConfiguration(BOTH);

	private final ReactiveWebApplicationContextRunner webFluxRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(BOTH);

	@Test
	void webApplicationsGetTheProblemAdvice() {
		this.mvcRunner.run((context) -> assertThat(context).hasSingleBean(LockProblemAdvice.class));
		this.webFluxRunner.run((context) -> assertThat(context).hasSingleBean(LockProblemAdvice.class));
	}

	@Test
	void backsOffWithoutAWebApplication() {
		new ApplicationContextRunner().withConfiguration(BOTH)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LockProblems.class));
		new ApplicationContextRunner().withConfiguration(BOTH)
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "org.springframework.http"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("lockProblems"));
	}

	@Test
	void backsOffWithoutTheWebFramework() {
		this.mvcRunner.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LockProblems.class));
		this.webFluxRunner.withClassLoader(new FilteredClassLoader(DispatcherHandler.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LockProblems.class));
	}

	@Test
	void propertiesSwitchOffTheAdviceAndTheProblems() {
		this.mvcRunner.withPropertyValues("locky.web.problems.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(LockProblems.class)
				.doesNotHaveBean(LockProblemAdvice.class));
		this.mvcRunner.withPropertyValues("locky.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LockProblems.class));
	}

	@Test
	void endpointsAndModuleNeedThePropertyAndLocks() {
		AutoConfigurations locks = AutoConfigurations.of(DataRedisAutoConfiguration.class,
				LockyAutoConfiguration.class);
		String[] settings = { "spring.data.redis.url=" + TestRedis.url(), "locky.expiration.enabled=false" };
		this.mvcRunner.withConfiguration(locks)
			.withPropertyValues(settings)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(LockEndpoint.class)
				.doesNotHaveBean(BrowserModuleConfigurer.class));
		this.mvcRunner.withPropertyValues("locky.web.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(LockMvcController.class)
				.doesNotHaveBean(BrowserModuleConfigurer.class));
		this.mvcRunner.withConfiguration(locks)
			.withPropertyValues(settings)
			.withPropertyValues("locky.web.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(LockMvcController.class)
				.hasSingleBean(BrowserModuleConfigurer.class));
	}

	@Test
	void webFluxEndpointsNeedNoReactiveLocks() {
		this.webFluxRunner
			.withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class, LockyAutoConfiguration.class))
			.withBean(InMemoryLocks.class, () -> new InMemoryLocks(null))
			.withBean(LockerResolver.class, () -> () -> "ann")
			.withPropertyValues("locky.web.enabled=true", "locky.web.resources=article:")
			.run((context) -> {
				assertThat(context).hasSingleBean(EndpointLocks.class).doesNotHaveBean(ReactiveEndpointLocks.class);
				WebTestClient.bindToApplicationContext(context)
					.build()
					.post()
					.uri("/locky/locks/acquire")
					.contentType(MediaType.APPLICATION_JSON)
					.bodyValue("{\"resource\":\"article:1\"}")
					.exchange()
					.expectStatus()
					.isOk();
				assertThat(context.getBean(LockyOperations.class).getLocker("article:1")).isEqualTo("ann");
			});
	}

	@Test
	void invalidPropertyFailsTheStartup() {
		for (String path : new String[] { "", "/", "locks", "/locks/", "//a", "/a b", "/{a}", "/*", "/a/..", "/a?b",
				"/a%20", "/a#b" }) {
			this.mvcRunner.withPropertyValues("locky.web.path=" + path)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("'locky.web.path' must be one or more segments"));
		}
		this.mvcRunner.withPropertyValues("locky.web.ttl=10ms")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("'locky.web.ttl'"));
	}

	@Test
	void backsOffWhenUserDefinesProblems() {
		LockProblems own = new LockProblems(LockHolderView.everything());
		this.mvcRunner.withBean("own", LockProblems.class, () -> own)
			.run((context) -> assertThat(context).getBean(LockProblems.class).isSameAs(own));
	}

	@Test
	void foreignLockShowsOnlyWhatItHas() {
		LockProblems problems = new LockProblems(LockHolderView.everything());
		ResourceLockedException foreign = new ResourceLockedException(
				new LockInfo("article:12", "npm", 0, null, null, null));
		assertThat(problems.of(foreign).getBody().getProperties()).containsOnlyKeys("resource", "locker");
	}

}
