package io.locky.autoconfigure;

import java.util.function.Supplier;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;

/**
 * Creates objects that start threads. These get the class loader of the thread in which
 * the objects are created: that of the application then, as its listeners expect. In a
 * context with a web server, Spring Boot creates beans with the class loader of that,
 * which takes such threads for a leak when it stops.
 */
final class ApplicationClasses {

	private ApplicationClasses() {
	}

	/**
	 * Creates an object with the class loader of the application.
	 * @param <T> the type of the object
	 * @param beans the beans of the application
	 * @param creation creates the object
	 * @return the object
	 */
	static <T> T use(ConfigurableBeanFactory beans, Supplier<T> creation) {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(beans.getBeanClassLoader());
		try {
			return creation.get();
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

}
