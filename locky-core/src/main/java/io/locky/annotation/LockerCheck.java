package io.locky.annotation;

import java.util.Collection;
import java.util.List;

import io.locky.LockerResolver;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds methods with {@link RequiresLock @RequiresLock} that would refuse every call,
 * because an application without a {@link LockerResolver} has no locker for them. Such a
 * method may still be called by one that holds the lock through {@link Locked @Locked}.
 */
final class LockerCheck {

	private final ConfigurableListableBeanFactory beans;

	private final LockedMethods locked;

	/**
	 * Creates the check of an application without a resolver.
	 * @param beans its beans
	 * @param locked its methods with {@code @Locked}, as far as their beans were created
	 */
	LockerCheck(ConfigurableListableBeanFactory beans, LockedMethods locked) {
		this.beans = beans;
		this.locked = locked;
	}

	/**
	 * Refuses such methods.
	 * @param methods the methods with {@code @RequiresLock}
	 * @throws InvalidLockedMethodException if there is one
	 */
	void check(Collection<RequiresLockMethod> methods) {
		List<RequiresLockMethod> doubtful = methods.stream()
			.filter(RequiresLockMethod::needsCurrentLocker)
			.filter((method) -> !method.resources().stream().allMatch(this::mayBeHeld))
			.toList();
		if (!doubtful.isEmpty() && !isLockedByLaterBean()) {
			throw new InvalidLockedMethodException(RequiresLock.class, doubtful.get(0).name(),
					"there is no locker to check the lock against: no LockerResolver bean, no 'locker' and no 'fence'",
					"Use Spring Security, or register an io.locky.LockerResolver bean; or set 'locker' or 'fence' of the "
							+ "annotation to a parameter, as in fence = \"#<fence>\".");
		}
	}

	private boolean mayBeHeld(TextTemplate resource) {
		return this.locked.parsed()
			.stream()
			.flatMap((method) -> method.texts().resources().stream())
			.anyMatch(resource::mayEqual);
	}

	/** What is created later, such as a lazy bean, was not parsed yet. */
	private boolean isLockedByLaterBean() {
		for (String name : this.beans.getBeanDefinitionNames()) {
			Class<?> type = this.beans.containsSingleton(name) ? null : this.beans.getType(name, false);
			if (type != null && !this.locked.annotated(type, type).isEmpty()) {
				return true;
			}
		}
		return false;
	}

}
