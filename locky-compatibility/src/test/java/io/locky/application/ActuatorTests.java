package io.locky.application;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Import;

/**
 * Web applications with the Actuator.
 */
@Tag("tools")
class ActuatorTests {

	@Nested
	@Row(application = "Spring MVC with Spring Security and Actuator", driver = "Lettuce")
	class MvcWithLettuce extends ActuatorContract {

		MvcWithLettuce() {
			super(WebApplicationType.SERVLET, Mvc.class, Applications.LETTUCE);
		}

	}

	@Nested
	@Row(application = "Spring MVC with Spring Security and Actuator", driver = "Jedis")
	class MvcWithJedis extends ActuatorContract {

		MvcWithJedis() {
			super(WebApplicationType.SERVLET, Mvc.class, Applications.JEDIS);
		}

	}

	@Nested
	@Row(application = "Spring WebFlux with Spring Security and Actuator", driver = "Lettuce")
	class WebFluxWithLettuce extends ActuatorContract {

		WebFluxWithLettuce() {
			super(WebApplicationType.REACTIVE, WebFlux.class, Applications.LETTUCE);
		}

	}

	@Nested
	@Row(application = "Spring WebFlux with Spring Security and Actuator", driver = "Jedis")
	class WebFluxWithJedis extends ActuatorContract {

		WebFluxWithJedis() {
			super(WebApplicationType.REACTIVE, WebFlux.class, Applications.JEDIS);
		}

	}

	@Import(ActuatorContract.Operators.class)
	static class Mvc extends MvcTests.Application {

	}

	@Import(ActuatorContract.Operators.class)
	static class WebFlux extends WebFluxTests.Application {

	}

}
