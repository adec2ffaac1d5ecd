package io.locky;

import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
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
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.locky");

	@Test
	void packagesHaveNoCircles() {
		SlicesRuleDefinition.slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void layersAreAsDesigned() {
		assertUses("io.locky");
		assertUses("io.locky.redis");
		assertUses("io.locky.event");
		assertUses("io.locky.signal");
		assertUses("io.locky.blocking", "io.locky.redis");
		assertUses("io.locky.waiting", "io.locky.signal");
		assertUses("io.locky.handle", "io.locky", "io.locky.redis", "io.locky.event", "io.locky.blocking",
				"io.locky.signal");
		assertUses("io.locky.core", "io.locky", "io.locky.redis", "io.locky.event", "io.locky.blocking",
				"io.locky.waiting", "io.locky.handle");
		assertUses("io.locky.expiration", "io.locky.redis", "io.locky.event", "io.locky.blocking", "io.locky.signal");
		assertUses("io.locky.broadcast", "io.locky.redis", "io.locky.event", "io.locky.blocking", "io.locky.signal");
		assertUses("io.locky.check", "io.locky.redis", "io.locky.signal");
		assertUses("io.locky.annotation", "io.locky");
		assertUses("io.locky.security", "io.locky");
		assertUses("io.locky.web", "io.locky");
		assertUses("io.locky.web.endpoint", "io.locky", "io.locky.web", "io.locky.redis", "io.locky.event",
				"io.locky.blocking", "io.locky.signal", "io.locky.handle");
		assertUses("io.locky.web.mvc", "io.locky", "io.locky.web", "io.locky.web.endpoint");
		assertUses("io.locky.web.webflux", "io.locky", "io.locky.web", "io.locky.web.endpoint");
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
	void keysScriptsAndRepliesAreFreeOfBlockingTypes() {
		noClasses().that()
			.resideInAPackage("io.locky.redis")
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
	void onlyAutoConfigurationKnowsSpringBoot() {
		noClasses().that()
			.resideOutsideOfPackage("io.locky.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot..")
			.check(CLASSES);
	}

	@Test
	void optionalLibrariesStayInTheirPackages() {
		assertOnlyUsedIn("io.locky.web", "org.springframework.web..", "org.springframework.http..");
		assertOnlyUsedIn("io.locky.security", "org.springframework.security..");
	}

	@Test
	void eachWebFrameworkStaysInItsPackage() {
		assertOnlyUsedIn("io.locky.web.mvc", "org.springframework.web.servlet..", "jakarta.servlet..");
		assertOnlyUsedIn("io.locky.web.webflux", "org.springframework.web.reactive..",
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
			.resideInAnyPackage("io.locky", "io.locky.annotation", "io.locky.security", "io.locky.web",
					"io.locky.web.endpoint", "io.locky.web.mvc")
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
			.and()
			.resideInAnyPackage("io.locky.redis", "io.locky.expiration", "io.locky.blocking", "io.locky.handle",
					"io.locky.waiting", "io.locky.signal", "io.locky.check", "io.locky.web.mvc", "io.locky.web.webflux")
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
