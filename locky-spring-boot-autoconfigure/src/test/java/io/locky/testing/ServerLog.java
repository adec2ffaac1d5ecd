package io.locky.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The warnings and errors that are logged from its creation until it is closed, also
 * those of Tomcat, which logs elsewhere.
 */
public final class ServerLog extends Handler {

	private final CapturedLog log = new CapturedLog();

	private final Logger tomcat = Logger.getLogger("");

	private final List<LogRecord> records = new CopyOnWriteArrayList<>();

	public ServerLog() {
		this.tomcat.addHandler(this);
	}

	/**
	 * The messages so far.
	 * @return the messages of errors, and all messages that come with a stack trace
	 */
	public List<String> errors() {
		List<String> all = new ArrayList<>(this.log.messages(ch.qos.logback.classic.Level.ERROR));
		all.addAll(this.log.stackTraces());
		all.addAll(tomcat(Level.SEVERE));
		return all;
	}

	/**
	 * The messages so far.
	 * @return the messages of warnings, and those of {@link #errors()}
	 */
	public List<String> warnings() {
		List<String> all = new ArrayList<>(this.log.messages(ch.qos.logback.classic.Level.WARN));
		all.addAll(this.log.messages(ch.qos.logback.classic.Level.ERROR));
		all.addAll(this.log.stackTraces());
		all.addAll(tomcat(Level.WARNING));
		return all;
	}

	private List<String> tomcat(Level least) {
		return this.records.stream()
			.filter((record) -> record.getLevel().intValue() >= least.intValue() || record.getThrown() != null)
			.map((record) -> record.getLoggerName() + ": " + record.getMessage() + " " + record.getThrown())
			.toList();
	}

	/**
	 * Forgets the messages so far.
	 */
	public void clear() {
		this.log.clear();
		this.records.clear();
	}

	@Override
	public void publish(LogRecord record) {
		this.records.add(record);
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
		this.tomcat.removeHandler(this);
		this.log.close();
	}

}
