package io.locky.sample;

import io.locky.annotation.Locked;
import io.locky.annotation.OnDenied;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Prints editions. The lock prevents two instances from printing at the same time; the
 * row prevents a late instance from printing the same edition again.
 */
@Component
class Press {

	private final JdbcClient jdbc;

	private final String instance;

	Press(JdbcClient jdbc, @Value("${locky.events.instance}") String instance) {
		this.jdbc = jdbc;
		this.instance = instance;
	}

	/**
	 * Prints an edition, unless another instance is printing.
	 * @param date the date of the edition
	 * @return whether it was printed; {@code null} if another instance holds the lock
	 */
	@Locked(value = "publish:#<date>", onDenied = OnDenied.SKIP)
	@Nullable Boolean publish(String date) {
		return !isPrinted(date) && this.jdbc.sql("""
				INSERT INTO edition (date, articles, printed_by)
				SELECT :date, COUNT(*), :instance FROM article""")
			.param("date", date)
			.param("instance", this.instance)
			.update() == 1;
	}

	boolean isPrinted(String date) {
		return this.jdbc.sql("SELECT 1 FROM edition WHERE date = ?").param(date).query().optionalValue().isPresent();
	}

}
