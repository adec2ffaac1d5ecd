package io.locky.autoconfigure.actuate;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;

import io.locky.autoconfigure.actuate.LockyHealth.Findings;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Creates the health of locks in Spring Boot 3.5, whose types of health are in a package
 * that Spring Boot 4 does not have. Locky is compiled against the latter, so they are
 * used by name.
 */
final class Boot3HealthIndicator implements FactoryBean<Object> {

	private static final Logger logger = LoggerFactory.getLogger(Boot3HealthIndicator.class);

	private final ObjectProvider<LockyTemplate> locks;

	private final Class<?> indicatorType;

	private final Class<?> healthType;

	Boot3HealthIndicator(ObjectProvider<LockyTemplate> locks, @Nullable ClassLoader classLoader) {
		this.locks = locks;
		this.indicatorType = ClassUtils.resolveClassName(LockyBoot3HealthAutoConfiguration.INDICATOR, classLoader);
		this.healthType = ClassUtils.resolveClassName("org.springframework.boot.actuate.health.Health", classLoader);
	}

	@Override
	public Class<?> getObjectType() {
		return this.indicatorType;
	}

	@Override
	public Object getObject() {
		LockyHealth health = new LockyHealth(this.locks.getObject(), Clock.systemUTC());
		return Proxy.newProxyInstance(this.indicatorType.getClassLoader(), new Class<?>[] { this.indicatorType },
				(proxy, method, arguments) -> invoke(health, proxy, method, arguments));
	}

	private @Nullable Object invoke(LockyHealth health, Object proxy, Method method, Object @Nullable [] arguments)
			throws Throwable {
		if (method.isDefault()) {
			return InvocationHandler.invokeDefault(proxy, method, arguments);
		}
		return switch (method.getName()) {
			case "equals" -> arguments != null && proxy == arguments[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "toString" -> getClass().getName();
			default -> build(health);
		};
	}

	private Object build(LockyHealth health) {
		try {
			Findings findings = health.check();
			Object builder = call(this.healthType, null, "status", String.class, findings.status());
			builder = call(builder.getClass(), builder, "withDetails", Map.class, findings.details());
			return build(builder);
		}
		catch (DataAccessException ex) {
			logger.warn(LockyHealth.UNREACHABLE, ex);
			return build(call(this.healthType, null, "down", Throwable.class, ex));
		}
	}

	private static Object build(Object builder) {
		Method method = Objects.requireNonNull(ReflectionUtils.findMethod(builder.getClass(), "build"));
		return Objects.requireNonNull(ReflectionUtils.invokeMethod(method, builder));
	}

	private static Object call(Class<?> type, @Nullable Object target, String name, Class<?> parameter, Object value) {
		Method method = Objects.requireNonNull(ReflectionUtils.findMethod(type, name, parameter));
		return Objects.requireNonNull(ReflectionUtils.invokeMethod(method, target, value));
	}

}
