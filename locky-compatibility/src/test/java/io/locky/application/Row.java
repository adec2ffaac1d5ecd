package io.locky.application;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The row of the page on compatibility that a class of tests stands for.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RowExtension.class)
@interface Row {

	/**
	 * What kind of application it is.
	 * @return the first cell
	 */
	String application();

	/**
	 * The driver of Redis.
	 * @return the second cell
	 */
	String driver();

}
