package io.locky;

import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEvent;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

class ArchitectureTests {

	private static final String[] API = { "io.locky", "io.locky.core", "io.locky.annotation", "io.locky.event",
			"io.locky.metrics", "io.locky.observation", "io.locky.people", "io.locky.security", "io.locky.web",
			"io.locky.autoconfigure", "io.locky.autoconfigure.actuate", "io.locky.test", "io.locky.test.autoconfigure",
			"io.locky.test.redis" };

	private static final DescribedPredicate<JavaClass> INTERNAL = resideInAnyPackage("io.locky.internal..",
			"io.locky.web.internal..");

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption((location) -> !location.contains("-tests.jar"))
		.importPackages("io.locky");

	@Test
	void packagesHaveNoCircles() {
		SlicesRuleDefinition.slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void packagesUseThoseBelowThem() {
		assertUses("io.locky");
		assertUses("io.locky.event", "io.locky.people");
		assertUses("io.locky.metrics");
		assertUses("io.locky.observation", "io.locky");
		assertUses("io.locky.annotation", "io.locky", "io.locky.observation", "io.locky.internal.reactive");
		assertUses("io.locky.internal.reactive");
		assertUses("io.locky.security", "io.locky");
		assertUses("io.locky.internal.redis", "io.locky", "io.locky.metrics");
		assertUses("io.locky.internal.aot", "io.locky", "io.locky.event");
		assertUses("io.locky.internal.event", "io.locky.event", "io.locky.metrics");
		assertUses("io.locky.internal.check", "io.locky.internal.redis");
		assertUses("io.locky.internal.expiration", "io.locky.event", "io.locky.metrics", "io.locky.internal.redis",
				"io.locky.internal.event");
		assertUses("io.locky.internal.broadcast", "io.locky.event", "io.locky.metrics", "io.locky.people",
				"io.locky.internal.redis", "io.locky.internal.event");
		assertUses("io.locky.internal.lock", "io.locky", "io.locky.event", "io.locky.metrics", "io.locky.observation",
				"io.locky.people", "io.locky.internal..");
		assertUses("io.locky.people", "io.locky");
		assertUses("io.locky.internal.people", "io.locky", "io.locky.event", "io.locky.people",
				"io.locky.internal.redis", "io.locky.internal.event");
		assertUses("io.locky.core", "io.locky", "io.locky.people", "io.locky.metrics", "io.locky.observation",
				"io.locky.internal.lock", "io.locky.internal.people", "io.locky.internal.reactive",
				"io.locky.internal.redis");
		assertUses("io.locky.test", "io.locky", "io.locky.event", "io.locky.internal.event",
				"io.locky.internal.reactive");
		assertUses("io.locky.test.redis");
		assertUses("io.locky.test.autoconfigure", "io.locky.core", "io.locky.test");
		assertUses("io.locky.web", "io.locky", "io.locky.people");
		assertUses("io.locky.web.internal..", "io.locky", "io.locky.event", "io.locky.people", "io.locky.web");
	}

	private static void assertUses(String user, String... used) {
		String[] allowed = Stream.concat(Stream.of(user), Stream.of(used)).toArray(String[]::new);
		noClasses().that()
			.resideInAPackage(user)
			.should()
			.dependOnClassesThat(resideInAPackage("io.locky..").and(not(resideInAnyPackage(allowed))))
			.check(CLASSES);
	}

	@Test
	void apiMentionsNoInternalType() {
		codeUnits().that()
			.areDeclaredInClassesThat(areApi())
			.and(areForUsers())
			.should(involveNoInternalType((unit) -> unit.getAllInvolvedRawTypes()))
			.check(CLASSES);
		fields().that()
			.areDeclaredInClassesThat(areApi())
			.and(areForUsers())
			.should(involveNoInternalType((field) -> field.getAllInvolvedRawTypes()))
			.check(CLASSES);
		classes().that(areApi()).should(extendNoInternalType()).check(CLASSES);
	}

	private static DescribedPredicate<JavaClass> areApi() {
		return resideInAnyPackage(API).and(modifier(JavaModifier.PUBLIC)).as("are API");
	}

	private static DescribedPredicate<JavaMember> areForUsers() {
		return DescribedPredicate.describe("are for users",
				(member) -> member.getModifiers().contains(JavaModifier.PUBLIC)
						|| member.getModifiers().contains(JavaModifier.PROTECTED));
	}

	@Test
	void scriptsAndTheirRepliesAreFreeOfBlockingTypes() {
		noClasses().that()
			.resideInAPackage("io.locky.internal..")
			.and()
			.haveSimpleNameEndingWith("Commands")
			.or()
			.haveSimpleNameEndingWith("Reply")
			.or()
			.haveNameMatching("io\\.locky\\.internal\\.redis\\.(Locky(Keys|Partition|Script)|ScriptCall|ScriptValues)")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.data.redis.core", "org.springframework.data.redis.listener",
					"org.springframework.data.redis.connection..", "reactor..", "io.lettuce..")
			.check(CLASSES);
	}

	@Test
	void reactorIsKnownOnlyWhereItIsLoadedOnDemand() {
		noClasses().that()
			.resideInAPackage("io.locky.annotation")
			.and()
			.haveNameNotMatching(".*\\.Reactive\\w+(\\$.*)?")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor..", "org.reactivestreams..")
			.check(CLASSES);
	}

	@Test
	void kotlinIsKnownOnlyWhereItIsLoadedOnDemand() {
		noClasses().that()
			.haveNameNotMatching("io\\.locky\\.annotation\\.LockedCoroutine(\\$.*)?")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("kotlin..", "kotlinx..")
			.check(CLASSES);
	}

	@Test
	void onlyAutoConfigurationKnowsSpringBoot() {
		noClasses().that()
			.resideOutsideOfPackages("io.locky.autoconfigure..", "io.locky.test.autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot..")
			.check(CLASSES);
	}

	@Test
	void optionalLibrariesStayInTheirPackages() {
		assertOnlyUsedIn("io.locky.web", "org.springframework.web..", "org.springframework.http..");
		assertOnlyUsedIn("io.locky.security", "org.springframework.security..");
		assertOnlyUsedIn("io.locky.internal.redis", "io.lettuce..", "redis.clients..");
		assertOnlyUsedIn("io.locky.metrics", "io.micrometer.core..");
	}

	@Test
	void eachWebFrameworkStaysInItsPackage() {
		assertOnlyUsedIn("io.locky.web.internal.mvc", "org.springframework.web.servlet..", "jakarta.servlet..");
		assertOnlyUsedIn("io.locky.web.internal.webflux", "org.springframework.web.reactive..",
				"org.springframework.http.codec..");
	}

	private static void assertOnlyUsedIn(String user, String... optional) {
		noClasses().that()
			.resideOutsideOfPackages(user + "..", "io.locky.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(optional)
			.check(CLASSES);
	}

	@Test
	void reactorStaysInClassesThatAreNamedForIt() {
		noClasses().that()
			.resideInAnyPackage("io.locky", "io.locky.annotation", "io.locky.core", "io.locky.security",
					"io.locky.test", "io.locky.web", "io.locky.web.internal.endpoint", "io.locky.web.internal.mvc")
			.and()
			.haveSimpleNameNotStartingWith("Reactive")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor..", "org.reactivestreams..")
			.check(CLASSES);
	}

	@Test
	void publicClassesAreOfUseToOtherPackages() {
		classes().that()
			.arePublic()
			.and(INTERNAL)
			.and(not(areNestedInHiddenTypes()))
			.should(beUsedByAnotherPackage())
			.check(CLASSES);
	}

	@Test
	void configurationClassesAreFinalOrHidden() {
		classes().that()
			.resideInAPackage("io.locky.autoconfigure")
			.and()
			.areAnnotatedWith("org.springframework.context.annotation.Configuration")
			.should()
			.bePackagePrivate()
			.check(CLASSES);
		classes().that()
			.areAnnotatedWith("org.springframework.boot.autoconfigure.AutoConfiguration")
			.should()
			.haveModifier(JavaModifier.FINAL)
			.check(CLASSES);
	}

	@Test
	void fieldsArePrivate() {
		fields().that()
			.areNotStatic()
			.and()
			.doNotHaveModifier(JavaModifier.SYNTHETIC)
			.should()
			.bePrivate()
			.check(CLASSES);
	}

	@Test
	void packagesAreNullMarked() {
		classes().should(beInANullMarkedPackage()).check(CLASSES);
	}

	@Test
	void eventsLiveInTheEventPackage() {
		classes().that()
			.areAssignableTo(ApplicationEvent.class)
			.should()
			.resideInAPackage("io.locky.event")
			.check(CLASSES);
	}

	/** The records of a sealed interface are public by themselves. */
	private static DescribedPredicate<JavaClass> areNestedInHiddenTypes() {
		return DescribedPredicate.describe("are nested in hidden types",
				(type) -> type.getEnclosingClass()
					.filter((outer) -> !outer.getModifiers().contains(JavaModifier.PUBLIC))
					.isPresent());
	}

	private static <T extends JavaMember> ArchCondition<T> involveNoInternalType(
			Function<T, Set<JavaClass>> involvedTypes) {
		return new ArchCondition<>("involve no internal type") {
			@Override
			public void check(T member, ConditionEvents events) {
				involvedTypes.apply(member)
					.stream()
					.filter(INTERNAL)
					.forEach((type) -> events.add(SimpleConditionEvent.violated(member,
							member.getFullName() + " mentions " + type.getName())));
			}
		};
	}

	private static ArchCondition<JavaClass> extendNoInternalType() {
		return new ArchCondition<>("extend no internal type") {
			@Override
			public void check(JavaClass type, ConditionEvents events) {
				Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
					.filter(INTERNAL)
					.forEach((parent) -> events
						.add(SimpleConditionEvent.violated(type, type.getName() + " extends " + parent.getName())));
			}
		};
	}

	private static ArchCondition<JavaClass> beUsedByAnotherPackage() {
		return new ArchCondition<>("be used by another package") {
			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean used = type.getDirectDependenciesToSelf()
					.stream()
					.anyMatch((use) -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
				events.add(new SimpleConditionEvent(type, used, type.getName() + " could be package-private"));
			}
		};
	}

	private static ArchCondition<JavaClass> beInANullMarkedPackage() {
		return new ArchCondition<>("be in a package that is @NullMarked") {
			@Override
			public void check(JavaClass type, ConditionEvents events) {
				events.add(new SimpleConditionEvent(type, type.getPackage().isAnnotatedWith(NullMarked.class),
						type.getPackageName() + " lacks @NullMarked"));
			}
		};
	}

}
