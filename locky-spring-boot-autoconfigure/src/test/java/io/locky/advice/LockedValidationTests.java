package io.locky.advice;

import io.locky.annotation.LockAssert;
import io.locky.annotation.Locked;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Arguments are validated before the lock, and results while it is held.
 */
class LockedValidationTests extends AnnotatedFixture {

	private final ApplicationContextRunner validating = this.application
		.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
		.withUserConfiguration(Security.class)
		.withBean(Desk.class);

	@Test
	void argumentsAreValidatedBeforeTheLock() {
		this.validating.run((context) -> {
			Desk desk = context.getBean(Desk.class);
			assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> desk.edit(" "));
			assertThat(acquired()).isZero();
			this.locks.lock("tea", "ann");
			assertThatExceptionOfType(ConstraintViolationException.class).isThrownBy(() -> desk.edit(" "));
			this.locks.unlock("tea");
			assertThat(desk.edit("green")).isEqualTo(5);
			assertThat(acquired()).isEqualTo(1);
		});
	}

	@Test
	void resultIsValidatedOnceWithTheLock() {
		this.validating.run((context) -> {
			assertThatExceptionOfType(ConstraintViolationException.class)
				.isThrownBy(() -> context.getBean(Desk.class).edit("too long for this"));
			assertThat(acquired()).isEqualTo(1);
			assertThat(context.getBean(Desk.class).calls()).isEqualTo(1);
		});
	}

	@Test
	void methodSecurityDecidesBeforeTheArgumentsAreValidated() {
		this.validating.run((context) -> {
			logIn("ROLE_READER");
			assertThatExceptionOfType(AccessDeniedException.class)
				.isThrownBy(() -> context.getBean(Desk.class).secret(" "));
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableMethodSecurity
	static class Security {

	}

	@Validated
	static class Desk {

		private int calls;

		int calls() {
			return this.calls;
		}

		@Locked("tea")
		@Max(9)
		public int edit(@NotBlank String kind) {
			LockAssert.assertLocked("tea");
			this.calls++;
			return kind.length();
		}

		@Locked("tea")
		@PreAuthorize("hasRole('CHIEF')")
		public void secret(@NotBlank String kind) {
		}

	}

}
