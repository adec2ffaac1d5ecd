package io.locky.testing;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/**
 * What is logged from its creation until it is closed, at {@code INFO} and above.
 */
public final class CapturedLog implements AutoCloseable {

	private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

	private final Logger locky = (Logger) LoggerFactory.getLogger("io.locky");

	private final Level lockyLevel = this.locky.getLevel();

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	public CapturedLog() {
		this.appender.start();
		this.root.addAppender(this.appender);
		this.locky.setLevel(Level.INFO);
	}

	/**
	 * The messages of one level, without those of the driver.
	 * @param level the level
	 * @return the messages
	 */
	public List<String> messages(Level level) {
		return events().stream()
			.filter((event) -> event.getLevel() == level)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	/**
	 * The messages that come with a stack trace, without those of the driver.
	 * @return the messages
	 */
	public List<String> stackTraces() {
		return events().stream()
			.filter((event) -> event.getThrowableProxy() != null)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	/**
	 * Forgets the messages so far.
	 */
	public void clear() {
		this.appender.list.clear();
	}

	private List<ILoggingEvent> events() {
		List<ILoggingEvent> all = List.copyOf(this.appender.list);
		return all.stream().filter((event) -> !event.getLoggerName().startsWith("io.lettuce")).toList();
	}

	@Override
	public void close() {
		this.root.detachAppender(this.appender);
		this.locky.setLevel(this.lockyLevel);
	}

}
