package io.locky.internal.aot;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.locky.LockyOperations;
import io.locky.annotation.Locked;
import io.locky.annotation.OnDenied;
import io.locky.annotation.RequiresLock;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyProperties;
import io.locky.autoconfigure.LockyWebMvcAutoConfiguration;
import io.locky.autoconfigure.LockyWebProperties;
import io.locky.autoconfigure.actuate.LocksEndpoint;
import io.locky.autoconfigure.actuate.LockyEndpointAutoConfiguration;
import io.locky.event.LockyEvent;
import io.locky.web.internal.endpoint.EndpointMessages;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hints of an application that is processed ahead of time.
 */
class RuntimeHintsTests {

	private static RuntimeHints hints;

	@BeforeAll
	static void process() {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
		try (AnnotationConfigServletWebApplicationContext application = new AnnotationConfigServletWebApplicationContext()) {
			TestPropertyValues
				.of("locky.web.enabled=true", "management.endpoints.web.exposure.include=locky",
						"management.endpoint.locky.access=UNRESTRICTED")
				.applyTo(application);
			application.register(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
					LockyWebMvcAutoConfiguration.class, LockyEndpointAutoConfiguration.class, Desk.class);
			new ApplicationContextAotGenerator().processAheadOfTime(application, generation);
		}
		hints = generation.getRuntimeHints();
	}

	@ParameterizedTest
	@ValueSource(strings = { "classpath*:io/locky/**/*.lua", "classpath*:io/locky/web/browser/*.js" })
	void everyFileIsKept(String files) throws IOException {
		Resource[] found = new PathMatchingResourcePatternResolver().getResources(files);
		assertThat(found).hasSizeGreaterThan(4);
		for (Resource file : found) {
			String path = file.getURL().getPath();
			path = path.substring(path.lastIndexOf("io/locky/"));
			assertThat(RuntimeHintsPredicates.resource().forResource(path)).as(path).accepts(hints);
		}
	}

	@Test
	void operationsCanBeObserved() throws Exception {
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(LockyOperations.class)).accepts(hints);
		for (Method method : LockyOperations.class.getMethods()) {
			assertCallable(method);
		}
	}

	/** With JSON, and in conditions of listeners. */
	@Test
	void everyEventCanBeRead() throws Exception {
		Resource[] classes = new PathMatchingResourcePatternResolver()
			.getResources("classpath*:io/locky/event/*Event.class");
		assertThat(classes).hasSizeGreaterThan(7);
		for (Resource file : classes) {
			String name = String.valueOf(file.getFilename()).replace(".class", "");
			Class<?> event = Class.forName(LockyEvent.class.getPackageName() + "." + name);
			for (Method getter : event.getMethods()) {
				if (event != LockyEvent.class && ApplicationEvent.class.isAssignableFrom(event)
						&& getter.getDeclaringClass().getPackageName().equals(LockyEvent.class.getPackageName())) {
					assertCallable(getter);
				}
			}
			if (event != LockyEvent.class) {
				assertThat(
						RuntimeHintsPredicates.reflection().onConstructorInvocation(event.getDeclaredConstructors()[0]))
					.as(name)
					.accepts(hints);
			}
		}
	}

	@Test
	void everyMessageOfTheEndpointCanBeBound() throws Exception {
		assertBound(EndpointMessages.class.getDeclaredClasses());
	}

	@Test
	void answersOfTheActuatorCanBeBound() throws Exception {
		assertBound(LocksEndpoint.Page.class, LocksEndpoint.Lock.class, LocksEndpoint.LockAndWaiters.class,
				LocksEndpoint.Release.class);
	}

	@Test
	void propertiesCanBeBound() {
		Stream
			.of(List.of(LockyProperties.class, LockyWebProperties.class),
					List.of(LockyProperties.class.getDeclaredClasses()),
					List.of(LockyWebProperties.class.getDeclaredClasses()))
			.flatMap(List::stream)
			.forEach((type) -> assertThat(
					RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.as(type.getName())
				.accepts(hints));
	}

	@Test
	void annotatedMethodsAndFallbacksCanBeCalled() throws Exception {
		assertCallable(Desk.class.getDeclaredMethod("publish", Article.class));
		assertCallable(Base.class.getDeclaredMethod("later", Article.class));
		assertCallable(Base.class.getDeclaredMethod("inherited", Article.class));
		assertCallable(Desk.class.getDeclaredMethod("save", List.class));
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Base.class.getDeclaredMethod("other")))
			.rejects(hints);
	}

	@Test
	void proxyOfALockedBeanIsMadeAheadOfTime() {
		assertThat(
				RuntimeHintsPredicates.reflection().onType(TypeReference.of(Desk.class.getName() + "$$SpringCGLIB$$0")))
			.accepts(hints);
	}

	@Test
	void expressionsReadPropertiesAndCallMethods() throws Exception {
		assertCallable(Article.class.getMethod("getSection"));
		assertCallable(Article.class.getMethod("key", String.class));
		assertCallable(Section.class.getMethod("name"));
		assertCallable(Row.class.getMethod("id"));
		Class<?> root = ClassUtils.forName("io.locky.annotation.CallArguments$Root", null);
		assertCallable(root.getMethod("escape", Object.class));
	}

	@Test
	void whatIsLookedForByNameIsFound() throws Exception {
		for (String name : List.of("kotlin.reflect.full.KCallables", "kotlinx.coroutines.reactor.MonoKt",
				"reactor.core.publisher.Mono")) {
			assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(name))).as(name).accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection()
			.onFieldAccess("org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
					"configuration"))
			.accepts(hints);
	}

	private static void assertBound(Class<?>... records) throws Exception {
		assertThat(records).isNotEmpty();
		for (Class<?> type : records) {
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.as(type.getName())
				.accepts(hints);
			Arrays.stream(type.getRecordComponents()).forEach((component) -> assertCallable(component.getAccessor()));
		}
	}

	private static void assertCallable(Method method) {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method)).as(method.toString()).accepts(hints);
	}

	/** Spring adds hints for the class of a bean that gets a proxy, not for this one. */
	static class Base {

		@Locked("article:#{#article.key('y')}")
		String inherited(Article article) {
			return "published";
		}

		String later(Article article) {
			return "later";
		}

		void other() {
		}

	}

	static class Desk extends Base {

		@Locked(value = "article:#{#article.key('x')}:#<article.section.name>", onDenied = OnDenied.FALLBACK,
				fallback = "later")
		String publish(Article article) {
			return "published";
		}

		@RequiresLock(value = "article:#{#rows[0].id}", locker = "me")
		void save(List<Row> rows) {
		}

	}

	/** Has a property and a method for expressions. */
	public static class Article {

		public Section getSection() {
			return new Section("news");
		}

		public String key(String part) {
			return part;
		}

	}

	/** The property of a property. */
	public record Section(String name) {

	}

	/** The element of a list. */
	public record Row(long id) {

	}

}
